import { parseDeviceId } from '../../domain/ids.ts';
import type { DeviceId } from '../../domain/ids.ts';
import type { Measurement } from '../../domain/measurement.ts';
import type { EnvelopeName } from './envelope-names.ts';
import { readFiwareTopic } from './fiware-topic.ts';
import type { FiwareTopic } from './fiware-topic.ts';
import type { Message } from './message.ts';
import { readMapped } from './read-mapped.ts';
import { parseRfc3339 } from './rfc3339.ts';
import { refuse } from './uplink.ts';
import type { ReadResult, Refusal, Uplink } from './uplink.ts';

/** Attributes that were measured together. */
export type Measures = Readonly<Record<string, unknown>>;

/** The attribute in which the agents pass on when something was measured. */
const TIME_INSTANT = 'TimeInstant';

/** A topic of an agent and its device, or what is wrong with it. */
export function findFiwarePlace(
  topic: string,
): { readonly ok: true; readonly place: FiwareTopic; readonly deviceId: DeviceId } | Refusal {
  const place = readFiwareTopic(topic);
  if (place === undefined) {
    return refuse('unknown-format', `${topic} is no topic of a FIWARE IoT Agent`);
  }
  const deviceId = parseDeviceId(place.device);
  if (deviceId === undefined) return refuse('bad-id', `the device in the topic: ${place.device}`);
  return { ok: true, place, deviceId };
}

/** The answer to a command is a sign of life; a command itself is somebody else's word. */
export function toFiwareStatus(
  envelope: EnvelopeName,
  deviceId: DeviceId,
  kind: FiwareTopic['kind'],
): ReadResult {
  const uplink: Uplink = { ...EMPTY, envelope, deviceId, kind: 'status' };
  return { ok: true, uplink: kind === 'cmd' ? { ...uplink, isHearsay: true } : uplink };
}

const EMPTY = {
  identity: undefined,
  observedAtMs: undefined,
  fPort: undefined,
  payload: undefined,
  modelHint: undefined,
  measurements: undefined,
} as const;

/** Groups of attributes as measurements. What the names mean is up to whoever set the device up, so a mapping must say it. */
export function readMeasures(
  groups: readonly Measures[],
  message: Message,
  { envelope, deviceId }: { envelope: EnvelopeName; deviceId: DeviceId },
): ReadResult {
  const mapping = message.source?.decoded;
  if (mapping === undefined) {
    const names = [...new Set(groups.flatMap((group) => Object.keys(group)))].join(', ');
    return refuse('no-mapping', `no "decoded" says what these are: ${names || 'none'}`, deviceId);
  }
  const measurements: Measurement[] = [];
  for (const group of groups) {
    const time = readTime(group, deviceId);
    if (!time.ok) return time;
    const mapped = readMapped(group, mapping);
    if (!mapped.ok) return refuse('wrong-type', mapped.problem, deviceId);
    const { atMs } = time;
    measurements.push({ ...(atMs !== undefined && { observedAtMs: atMs }), ...mapped.measurement });
  }
  const times = measurements.map(({ observedAtMs }) => observedAtMs);
  return {
    ok: true,
    uplink: {
      ...EMPTY,
      envelope,
      deviceId,
      kind: 'reading',
      // A group without a time has that of its arrival, which tells nothing apart.
      observedAtMs: times.every((time) => time !== undefined) ? Math.max(...times) : undefined,
      measurements,
    },
  };
}

function readTime(
  group: Measures,
  deviceId: DeviceId,
): { readonly ok: true; readonly atMs: number | undefined } | Refusal {
  const text = Object.hasOwn(group, TIME_INSTANT) ? group[TIME_INSTANT] : undefined;
  if (text === undefined || text === null) return { ok: true, atMs: undefined };
  const atMs = typeof text === 'string' ? parseRfc3339(text) : undefined;
  if (atMs !== undefined) return { ok: true, atMs };
  return refuse('clock', `${TIME_INSTANT}: not an RFC 3339 time`, deviceId);
}
