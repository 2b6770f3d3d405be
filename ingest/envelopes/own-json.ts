import { z } from 'zod';
import { COMMAND_ID } from '../../domain/command.ts';
import type { DeviceId } from '../../domain/ids.ts';
import { ID_RULE, parseDeviceId } from '../../domain/ids.ts';
import { ALARMS } from '../../domain/measurement.ts';
import type { Measurement } from '../../domain/measurement.ts';
import { findTopicDevice } from '../sources/topic-device.ts';
import { checkShape } from './check-shape.ts';
import type { EnvelopeReader, JsonMessage, Message } from './message.ts';
import { parseRfc3339 } from './rfc3339.ts';
import { printable, refuse } from './uplink.ts';
import type { CommandNews, ReadResult, Refusal, Uplink } from './uplink.ts';

/** What may become part of an identity: short, printable, and no blanks to get lost. */
const BOOT_PATTERN = /^[A-Za-z0-9._:-]{1,64}$/;

/**
 * What a device of Tunna's own publishes on `bins/{deviceId}/up`. Strict, since nobody else fills it in:
 * a misspelt `filPercent` must be noticed on the first day, not when the bin has overflowed.
 */
const OwnMessage = z.strictObject({
  /** Must be the topic's, when given. */
  deviceId: z.string().optional(),
  /** RFC 3339, or ms since 1970. */
  observedAt: z.union([z.string(), z.number()]).optional(),
  /** Counts up with every message; starts again at 0 when the device does. */
  seq: z.int().min(0).optional(),
  /** Different after every start of the device, so that (boot, seq) is never the same twice. */
  boot: z.union([z.int(), z.string().regex(BOOT_PATTERN)]).optional(),
  fillPercent: z.number().optional(),
  distanceMm: z.number().optional(),
  temperatureC: z.number().optional(),
  batteryPercent: z.number().optional(),
  batteryV: z.number().optional(),
  tilted: z.boolean().optional(),
  alarms: z.array(z.enum(ALARMS)).max(ALARMS.length).optional(),
  /** A command that the device has carried out, or cannot (`nack`, with the reason), by its id. */
  ack: z.string().regex(COMMAND_ID).optional(),
  nack: z.string().regex(COMMAND_ID).optional(),
  reason: z.string().max(200).optional(),
});
type OwnMessage = z.output<typeof OwnMessage>;

/** The range of `Date` (ECMA-262, 21.4.1.1): beyond it a number is no time at all. */
const LAST_TIME_MS = 8.64e15;

/** Tunna's own JSON on `bins/{deviceId}/up`, or where a source says so. */
export const TUNNA_JSON: EnvelopeReader = {
  content: 'json',
  ownsTopic: isOwnTopic,
  findTopicDevice: findDevice,
  read: readMessageOfDevice,
};

function isOwnTopic(levels: readonly string[]): boolean {
  return levels.length === 3 && levels[0] === 'bins' && levels[2] === 'up';
}

function findDevice({ topic, source }: Message): DeviceId | undefined {
  return findTopicDevice(topic, source);
}

function readMessageOfDevice(message: JsonMessage): ReadResult {
  const deviceId = findDevice(message) ?? findNamedDevice(message.document);
  if (deviceId !== undefined) return readOwnJson(message.document, deviceId);
  const [, device = ''] = message.topic.split('/');
  if (!isOwnTopic(message.topic.split('/'))) {
    return refuse('no-identity', `neither the topic nor deviceId says which device this is`);
  }
  return refuse('bad-id', `the device in the topic must be ${ID_RULE}, got ${device}`);
}

/** Where the topic names no device, the message must. */
function findNamedDevice(document: unknown): DeviceId | undefined {
  const named = z.object({ deviceId: z.string() }).safeParse(document);
  return named.success ? parseDeviceId(named.data.deviceId) : undefined;
}

/** Reads Tunna's own JSON; `deviceId` is the one in the topic. */
export function readOwnJson(document: unknown, deviceId: DeviceId): ReadResult {
  const shape = checkShape(OwnMessage, document, deviceId);
  if (!shape.ok) return shape;
  const message = shape.value;
  if (message.deviceId !== undefined && parseDeviceId(message.deviceId) !== deviceId) {
    const detail = `the topic says ${deviceId}, the message ${message.deviceId}`;
    return refuse('device-mismatch', detail, deviceId);
  }
  const commandNews = readNews(message);
  const hasLevel = message.fillPercent !== undefined || message.distanceMm !== undefined;
  if (!hasLevel && commandNews.length === 0) {
    return refuse('no-level', 'fillPercent or distanceMm is required', deviceId);
  }
  const time = readTime(message.observedAt, deviceId);
  if (!time.ok) return time;
  const { seq, boot, batteryPercent } = message;
  const common = {
    envelope: 'tunna-json',
    deviceId,
    // Without a boot the counter may have been here before, and good data would be dropped as a repeat.
    identity:
      boot === undefined || seq === undefined ? undefined : `dev:${deviceId}:${boot}:${seq}`,
    observedAtMs: time.observedAtMs,
    fPort: undefined,
    payload: undefined,
    modelHint: undefined,
    ...(commandNews.length > 0 && { commandNews }),
  } as const;
  const uplink: Uplink = hasLevel
    ? { ...common, kind: 'reading', measurements: [toMeasurement(message)] }
    : {
        ...common,
        kind: 'status',
        measurements: undefined,
        ...(batteryPercent !== undefined && { reportedBatteryPercent: batteryPercent }),
      };
  return { ok: true, uplink };
}

function readNews({ ack, nack, reason = 'the device refused it' }: OwnMessage): CommandNews[] {
  return [
    ...(ack === undefined ? [] : [{ commandId: ack, state: 'acknowledged' } as const]),
    ...(nack === undefined
      ? []
      : [{ commandId: nack, state: 'failed', detail: printable(reason) } as const]),
  ];
}

function readTime(
  claimed: string | number | undefined,
  deviceId: DeviceId,
): { readonly ok: true; readonly observedAtMs: number | undefined } | Refusal {
  if (claimed === undefined) return { ok: true, observedAtMs: undefined };
  if (typeof claimed === 'string') {
    const observedAtMs = parseRfc3339(claimed);
    if (observedAtMs !== undefined) return { ok: true, observedAtMs };
    return refuse('clock', `observedAt: "${claimed}" is not an RFC 3339 time`, deviceId);
  }
  if (!Number.isInteger(claimed)) {
    return refuse('wrong-type', 'observedAt: milliseconds must be a whole number', deviceId);
  }
  if (Math.abs(claimed) > LAST_TIME_MS) {
    return refuse('clock', `observedAt: ${claimed} is beyond the end of time`, deviceId);
  }
  return { ok: true, observedAtMs: claimed };
}

function toMeasurement(message: OwnMessage): Measurement {
  const { fillPercent, distanceMm, temperatureC, batteryPercent, batteryV, tilted, alarms } =
    message;
  return {
    ...(fillPercent !== undefined && { fillPercent }),
    ...(distanceMm !== undefined && { distanceMm }),
    ...(temperatureC !== undefined && { temperatureC }),
    ...(batteryPercent !== undefined && { batteryPercent }),
    ...(batteryV !== undefined && { batteryV }),
    ...(tilted !== undefined && { tilted }),
    ...(alarms !== undefined && { alarms }),
  };
}
