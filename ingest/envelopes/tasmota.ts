import { z } from 'zod';
import { parseDeviceId } from '../../domain/ids.ts';
import type { DeviceId } from '../../domain/ids.ts';
import type { Measurement } from '../../domain/measurement.ts';
import { checkShape } from './check-shape.ts';
import { decodedFields } from './decoded-fields.ts';
import type { EnvelopeReader, Message } from './message.ts';
import { parseJson } from './parse-json.ts';
import { toMillimetres } from './scale-values.ts';
import { printable, refuse } from './uplink.ts';
import type { ReadResult, Uplink } from './uplink.ts';
import { isSetZoneless, parseZoneless } from './zoneless-time.ts';

/** Sensors of distance and the unit of each (Tasmota documentation, "HC-SR04" and "VL53Lxx"). */
const UNITS = { SR04: 'cm', VL53L0X: 'mm', VL53L1X: 'mm' } as const;

/** Above what these sensors reach: how their driver writes that nothing came back. */
const VL53_OUT_OF_RANGE_MM = 8_190;

const Sensor = z.object({ Distance: z.number().nullish() }).nullish();
const Document = z.object({
  Time: z.string().nullish(),
  SR04: Sensor,
  VL53L0X: Sensor,
  VL53L1X: Sensor,
});
type Document = z.output<typeof Document>;

/** Last levels of a topic whose messages are signs of life only. */
const STATUS_TAILS = new Set(['STATE', 'INFO1', 'INFO2', 'INFO3', 'UPTIME', 'HEARTBEAT']);

/** Tasmota: `tele/{topic}/SENSOR` and its neighbours. `LWT` is a bare word, all others are JSON. */
export const TASMOTA: EnvelopeReader = {
  content: 'bytes',
  ownsTopic: (levels) => levels.length > 2 && levels[0] === 'tele',
  fits: (document) =>
    typeof Document.safeParse(document).data?.Time === 'string' && findLevels(document).length > 0,
  findTopicDevice: ({ topic }) => readTopic(topic).deviceId,
  read: readTasmota,
};

/** The levels before the last, without the prefix, which may stand in front (usually) or behind. */
function readTopic(topic: string): {
  readonly deviceId: DeviceId | undefined;
  readonly tail: string;
} {
  const levels = topic.split('/');
  const tail = levels.at(-1) ?? '';
  const device = levels.slice(0, -1).filter((level) => level !== 'tele');
  return { deviceId: parseDeviceId(device.at(-1) ?? ''), tail };
}

function readTasmota(message: Message): ReadResult {
  const { deviceId, tail } = readTopic(message.topic);
  if (deviceId === undefined) return refuse('bad-id', `the topic ${message.topic} names no device`);
  if (tail === 'LWT') return readLastWill(message, deviceId);
  const isStatus = STATUS_TAILS.has(tail);
  if (tail !== 'SENSOR' && !isStatus) {
    return refuse('unknown-format', `Tasmota has no topic ending in ${tail}`, deviceId);
  }
  const json = parseJson(message.bytes);
  if (!json.ok) return refuse(json.reason, 'the payload is not JSON that can be read', deviceId);
  const shape = checkShape(Document, json.value, deviceId);
  if (!shape.ok) return shape;
  const base = toUplink(shape.value, message, deviceId);
  if (isStatus) return { ok: true, uplink: { ...base, kind: 'status' } };
  if (message.source?.decoded !== undefined) {
    return { ok: true, uplink: { ...base, ...decodedFields(json.value, message.source) } };
  }
  const levels = findLevels(shape.value);
  const [level, ...others] = levels;
  if (level === undefined) {
    return refuse('no-level', `there is none of ${Object.keys(UNITS).join(', ')}`, deviceId);
  }
  if (others.length > 0) {
    const detail = 'several sensors of distance; which one is in the bin must be said in "decoded"';
    return refuse('no-mapping', detail, deviceId);
  }
  return { ok: true, uplink: { ...base, measurements: [level] } };
}

/**
 * The time is the device's own, without a zone: it is used when the source says which that is. Even if not, it tells one message
 * from the next, but for a clock that was never set.
 */
function toUplink({ Time }: Document, { source }: Message, deviceId: DeviceId): Uplink {
  return {
    envelope: 'tasmota',
    kind: 'reading',
    deviceId,
    identity: Time && isSetZoneless(Time) ? `tasmota:${deviceId}:${Time}` : undefined,
    observedAtMs: parseZoneless(Time ?? '', source?.timeZone),
    fPort: undefined,
    payload: undefined,
    modelHint: undefined,
    measurements: undefined,
  };
}

function findLevels(document: unknown): Measurement[] {
  const found = Document.safeParse(document);
  if (!found.success) return [];
  // Safe: these are the keys of UNITS.
  return (Object.keys(UNITS) as (keyof typeof UNITS)[]).flatMap((name): Measurement[] => {
    const sensor = found.data[name];
    if (sensor === undefined || sensor === null) return [];
    const distance = sensor.Distance ?? undefined;
    if (distance === undefined) return [{ sensorFault: `${name} measured nothing` }];
    const distanceMm = toMillimetres(distance, UNITS[name]);
    if (name !== 'SR04' && distanceMm >= VL53_OUT_OF_RANGE_MM) {
      return [{ sensorFault: `${name} is out of range` }];
    }
    return [{ distanceMm }];
  });
}

/**
 * Retained, so that it is told anew to whoever connects, however old it is; and "Offline" is the broker's word. Neither says
 * that the device was heard just now.
 */
function readLastWill(message: Message, deviceId: DeviceId): ReadResult {
  const text = printable(Buffer.from(message.bytes.subarray(0, 20)).toString());
  if (text !== 'Online' && text !== 'Offline') {
    return refuse('unknown-format', `LWT: expected Online or Offline, got ${text}`, deviceId);
  }
  const uplink = toUplink({}, message, deviceId);
  return { ok: true, uplink: { ...uplink, kind: 'status', isHearsay: true } };
}
