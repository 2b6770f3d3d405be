import { z } from 'zod';
import type { DeviceId } from '../../domain/ids.ts';
import { checkShape } from './check-shape.ts';
import { decodedFields, isMapped } from './decoded-fields.ts';
import { decodeHex } from './hex.ts';
import { MAX_FRAME_COUNTER, MAX_PORT, readDevEui } from './lorawan-frame.ts';
import { batteryPercentOfStatus } from './lorawan-status.ts';
import { hasKeys } from './message.ts';
import type { EnvelopeReader, JsonMessage } from './message.ts';
import { hashIdentity } from './status-identity.ts';
import { printable, refuse } from './uplink.ts';
import type { ReadResult } from './uplink.ts';

/**
 * `rx` tells a frame at once, `gw` tells it again when all gateways have reported. An application may have either or both, so
 * both are read, and are one uplink.
 */
const UPLINKS = new Set(['rx', 'gw']);
/** What the server does with a downlink: it asks for one, has queued it, has sent it. */
const DOWNLINKS = new Set(['tx', 'txd']);

const Head = z.object({ cmd: z.string(), EUI: z.string(), ts: z.number().nullish() });

const Frame = z.object({
  fcnt: z.int().min(0).max(MAX_FRAME_COUNTER),
  port: z.int().min(0).max(MAX_PORT).nullish(),
  /** The battery byte of the last DevStatusAns, 0 to 255: no percent. */
  bat: z.number().nullish(),
  data: z.string().nullish(),
  encdata: z.string().nullish(),
  decoded: z.unknown().optional(),
});
type Frame = z.output<typeof Frame>;

/** The range of `Date` (ECMA-262, 21.4.1.1): beyond it a number is no time at all. */
const LAST_TIME_MS = 8.64e15;

/**
 * The document has no session, and the counter starts again with every join: how far apart two frames with one counter and
 * the same bytes must be to be two. `rx` and `gw` of a frame are seconds apart at the most.
 */
const SESSION_GRAIN_MS = 3_600_000;

/** LORIOT, by webhook or MQTT. */
export const LORIOT: EnvelopeReader = {
  content: 'json',
  fits: (document) => hasKeys(document, 'cmd', 'EUI'),
  read: readLoriot,
};

function readLoriot(message: JsonMessage): ReadResult {
  const head = checkShape(Head, message.document);
  if (!head.ok) return head;
  const { cmd, EUI } = head.value;
  const deviceId = readDevEui(EUI);
  if (deviceId === undefined) return refuse('bad-id', `EUI: ${EUI}`);
  const ts = head.value.ts ?? undefined;
  if (ts !== undefined && !(Math.abs(ts) <= LAST_TIME_MS)) {
    return refuse('clock', `ts: ${ts} is beyond the end of time`, deviceId);
  }
  const atMs = ts === undefined ? undefined : Math.trunc(ts);
  if (UPLINKS.has(cmd)) return readFrame(message, deviceId, atMs);
  if (DOWNLINKS.has(cmd)) return toStatus(message, deviceId, atMs);
  return refuse('unknown-format', `LORIOT has no message ${printable(cmd)}`, deviceId);
}

function readFrame(
  message: JsonMessage,
  deviceId: DeviceId,
  observedAtMs: number | undefined,
): ReadResult {
  const shape = checkShape(Frame, message.document, deviceId);
  if (!shape.ok) return shape;
  const frame = shape.value;
  if (!frame.data && frame.encdata) {
    const detail = 'encdata: still encrypted, since LORIOT has no application key of the device';
    return refuse('undecodable', detail, deviceId);
  }
  const bytes = decodeHex(frame.data ?? '');
  if (bytes === undefined) return refuse('wrong-type', 'data: expected hexadecimal', deviceId);
  const battery = batteryPercentOfStatus(frame.bat ?? 0);
  const common = {
    envelope: 'loriot',
    deviceId,
    identity: frameIdentity(deviceId, frame, observedAtMs),
    observedAtMs,
    fPort: frame.port ?? 0,
    modelHint: undefined,
    measurements: undefined,
    ...(battery !== undefined && { reportedBatteryPercent: battery }),
    ...decodedFields(frame.decoded, message.source),
  } as const;
  const isReading = common.fPort !== 0 && (bytes.length > 0 || isMapped(common));
  return {
    ok: true,
    uplink: {
      ...common,
      kind: isReading ? 'reading' : 'status',
      payload: isReading && bytes.length > 0 ? bytes : undefined,
    },
  };
}

function frameIdentity(deviceId: DeviceId, { fcnt }: Frame, atMs: number | undefined): string {
  const grain = atMs === undefined ? '' : Math.floor(atMs / SESSION_GRAIN_MS);
  return `loriot:${deviceId}:${fcnt}:${grain}`;
}

/** The server speaks of a downlink; the device was not heard. */
function toStatus(
  message: JsonMessage,
  deviceId: DeviceId,
  observedAtMs: number | undefined,
): ReadResult {
  return {
    ok: true,
    uplink: {
      envelope: 'loriot',
      kind: 'status',
      deviceId,
      identity: hashIdentity(`loriot:${deviceId}`, message.bytes),
      observedAtMs,
      fPort: undefined,
      payload: undefined,
      modelHint: undefined,
      measurements: undefined,
      isHearsay: true,
    },
  };
}
