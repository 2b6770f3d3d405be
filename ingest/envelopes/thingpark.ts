import { z } from 'zod';
import type { DeviceId } from '../../domain/ids.ts';
import { checkShape } from './check-shape.ts';
import { decodedFields, isMapped } from './decoded-fields.ts';
import { decodeHex } from './hex.ts';
import { MAX_FRAME_COUNTER, MAX_PORT, readDevEui, readServerTime } from './lorawan-frame.ts';
import { hasKeys } from './message.ts';
import type { EnvelopeReader, JsonMessage } from './message.ts';
import { hashIdentity } from './status-identity.ts';
import { printable, refuse } from './uplink.ts';
import type { ReadResult } from './uplink.ts';

const UPLINK = 'DevEUI_uplink';
/** The other reports, and whether the device was heard. */
const STATUS_REPORTS = new Map([
  ['DevEUI_join', { isHearsay: false }],
  ['DevEUI_location', { isHearsay: false }],
  ['DevEUI_downlink_Sent', { isHearsay: true }],
  ['DevEUI_downlink_Rejected', { isHearsay: true }],
  ['DevEUI_notification', { isHearsay: true }],
]);

/** Older releases write numbers as texts. */
const count = (max: number) =>
  z
    .union([
      z.number(),
      z
        .string()
        .regex(/^\d{1,10}$/)
        .transform(Number),
    ])
    .pipe(z.int().min(0).max(max));

const Head = z.object({ DevEUI: z.string(), Time: z.string().nullish() });

const Frame = z.object({
  DevAddr: z.string().nullish(),
  FPort: count(MAX_PORT).nullish(),
  FCntUp: count(MAX_FRAME_COUNTER).nullish(),
  payload_hex: z.string().nullish(),
  /** What a driver of ThingPark has decoded. */
  payload: z.unknown().optional(),
  DriverCfg: z
    .object({ mod: z.object({ pId: z.string().nullish(), mId: z.string().nullish() }).nullish() })
    .nullish(),
});
type Frame = z.output<typeof Frame>;

const DEV_ADDR = /^[0-9a-fA-F]{8}$/;
const MODEL_HINT_LENGTH = 100;

/** ThingPark (Actility), by webhook or MQTT. */
export const THINGPARK: EnvelopeReader = {
  content: 'json',
  fits: (document) => [UPLINK, ...STATUS_REPORTS.keys()].some((key) => hasKeys(document, key)),
  read: readThingPark,
};

function readThingPark(message: JsonMessage): ReadResult {
  const report = z.record(z.string(), z.unknown()).safeParse(message.document);
  const [name = '', body] =
    Object.entries(report.data ?? {}).find(([key]) => key.startsWith('DevEUI_')) ?? [];
  const status = STATUS_REPORTS.get(name);
  if (name !== UPLINK && status === undefined) {
    const detail = name === '' ? `there is no ${UPLINK}` : `ThingPark has no report ${name}`;
    return refuse('unknown-format', detail);
  }
  const head = checkShape(Head, body);
  if (!head.ok) return head;
  const { DevEUI } = head.value;
  const deviceId = readDevEui(DevEUI);
  if (deviceId === undefined) return refuse('bad-id', `${name}.DevEUI: ${DevEUI}`);
  const time = readServerTime(`${name}.Time`, head.value.Time, deviceId);
  if (!time.ok) return time;
  const known = { deviceId, observedAtMs: time.atMs };
  return status === undefined
    ? readFrame(message, body, known)
    : toStatus(message, known, status.isHearsay);
}

interface Known {
  readonly deviceId: DeviceId;
  readonly observedAtMs: number | undefined;
}

function readFrame(message: JsonMessage, body: unknown, known: Known): ReadResult {
  const { deviceId } = known;
  const shape = checkShape(Frame, body, deviceId);
  if (!shape.ok) return shape;
  const frame = shape.value;
  const bytes = decodeHex(frame.payload_hex ?? '');
  if (bytes === undefined) {
    return refuse('wrong-type', `${UPLINK}.payload_hex: expected hexadecimal`, deviceId);
  }
  const identity = frameIdentity(deviceId, frame);
  const common = {
    ...known,
    envelope: 'thingpark',
    fPort: frame.FPort ?? 0,
    modelHint: modelHint(frame),
    measurements: undefined,
    ...decodedFields(frame.payload, message.source),
  } as const;
  if (common.fPort !== 0 && (bytes.length > 0 || isMapped(common))) {
    const payload = bytes.length > 0 ? bytes : undefined;
    return { ok: true, uplink: { ...common, kind: 'reading', identity, payload } };
  }
  const status = identity ?? hashIdentity(`tp:${deviceId}`, message.bytes);
  return { ok: true, uplink: { ...common, kind: 'status', identity: status, payload: undefined } };
}

/** The address changes with every join, after which the counter starts again. */
function frameIdentity(deviceId: DeviceId, { DevAddr, FCntUp }: Frame): string | undefined {
  if (!DevAddr || !DEV_ADDR.test(DevAddr)) return undefined;
  return `tp:${deviceId}:${DevAddr.toLowerCase()}:${FCntUp ?? 0}`;
}

function modelHint({ DriverCfg }: Frame): string | undefined {
  const { pId, mId } = DriverCfg?.mod ?? {};
  if (!pId || !mId) return undefined;
  return printable(`${pId}/${mId}`, MODEL_HINT_LENGTH).toLowerCase();
}

function toStatus(message: JsonMessage, known: Known, isHearsay: boolean): ReadResult {
  return {
    ok: true,
    uplink: {
      ...known,
      envelope: 'thingpark',
      kind: 'status',
      identity: hashIdentity(`tp:${known.deviceId}`, message.bytes),
      fPort: undefined,
      payload: undefined,
      modelHint: undefined,
      measurements: undefined,
      ...(isHearsay && { isHearsay: true }),
    },
  };
}
