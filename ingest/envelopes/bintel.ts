import { z } from 'zod';
import { parseDeviceId } from '../../domain/ids.ts';
import type { DeviceId } from '../../domain/ids.ts';
import type { Measurement } from '../../domain/measurement.ts';
import { checkShape } from './check-shape.ts';
import type { EnvelopeReader, JsonMessage } from './message.ts';
import { parseRfc3339 } from './rfc3339.ts';
import { toFillPercent } from './scale-values.ts';
import { refuse } from './uplink.ts';
import type { ReadResult } from './uplink.ts';

/** What is told of a container (docs.bintel.se, "Container Data"). `fill-percent` is a ratio all the same: 1 is full. */
const Data = z.object({
  'fill-percent': z.number().nullish(),
  'fill-state': z.enum(['empty', 'normal', 'full', 'overfull']).nullish(),
  'fill-rate': z.unknown().optional(),
  'estimated-full-time': z.unknown().optional(),
  'last-emptied-time': z.string().nullish(),
  'device-offline': z.boolean().nullish(),
  discrepancy: z.object({ type: z.string(), count: z.number() }).nullish(),
  temperature: z.number().nullish(),
  'pickup-requested': z.boolean().nullish(),
});
type Data = z.output<typeof Data>;

const DATA_KEYS: readonly string[] = Object.keys(Data.shape);

/** What an event says of the bin ("Container Events"); those without are signs of something else than a measurement. */
const EVENTS = new Map<string, Measurement>([
  ['full', { alarms: ['full'] }],
  ['emptied', { extras: { emptied: true } }],
  ['lid-open-or-mounting-damaged', { alarms: ['lid-open'] }],
  ['sensor-obstructed', { sensorFault: 'sensor obstructed' }],
  ['device-connected', {}],
  ['device-disconnected', {}],
  ['pickup-requested', {}],
  ['pickup-request-withdrawn', {}],
]);

/** Bintel's MQTT API v2: `v2/{organisation}/container/event/{container}/...`. Its containers are our devices. */
export const BINTEL_V2: EnvelopeReader = {
  content: 'json',
  ownsTopic: (levels) => readTopic(levels) !== undefined,
  findTopicDevice: ({ topic }) => parseDeviceId(readTopic(topic.split('/'))?.container ?? ''),
  read: readBintel,
};

interface BintelTopic {
  readonly container: string;
  /** What stands behind the container, if anything. */
  readonly tail: string | undefined;
}

/** Changed data are published like events; an address of their own (`container/data/...`) is read in the same way. */
function readTopic(levels: readonly string[]): BintelTopic | undefined {
  if (levels[0] !== 'v2') return undefined;
  const [, , subject, kind, container, ...tail] = levels;
  if (subject !== 'container' || container === undefined) return undefined;
  if (kind !== 'event' && kind !== 'data') return undefined;
  return { container, tail: tail.length === 0 ? undefined : tail.join('/') };
}

function readBintel(message: JsonMessage): ReadResult {
  const topic = readTopic(message.topic.split('/'));
  if (topic === undefined) {
    return refuse('unknown-format', `Bintel has no topic ${message.topic} that is read`);
  }
  const { container, tail } = topic;
  const deviceId = parseDeviceId(container);
  if (deviceId === undefined) return refuse('bad-id', `the container in the topic: ${container}`);
  const isEvent = tail !== undefined && EVENTS.has(tail);
  if (tail !== undefined && !isEvent && tail !== 'data' && !DATA_KEYS.includes(tail)) {
    return refuse('unknown-format', `Bintel's "${tail}" is not known`, deviceId);
  }
  // The value of one key may stand alone under its topic; with an event nothing else needs to be told.
  const isObject = typeof message.document === 'object' && message.document !== null;
  const document = isObject
    ? message.document
    : isEvent || !tail
      ? {}
      : { [tail]: message.document };
  const shape = checkShape(Data, document, deviceId);
  if (!shape.ok) return shape;
  const hasData = DATA_KEYS.some((key) => Object.hasOwn(document, key));
  if (!isEvent && !hasData) {
    return refuse('wrong-type', `there is none of ${DATA_KEYS.join(', ')}`, deviceId);
  }
  return toUplink(shape.value, tail, deviceId);
}

function toUplink(data: Data, tail: string | undefined, deviceId: DeviceId): ReadResult {
  const emptied = data['last-emptied-time'] ?? undefined;
  const emptiedAtMs = emptied === undefined ? undefined : parseRfc3339(emptied);
  if (emptied !== undefined && emptiedAtMs === undefined) {
    const detail = `last-emptied-time: "${emptied}" is not an RFC 3339 time`;
    return refuse('clock', detail, deviceId);
  }
  // What is known of a container whose sensor is silent is old, and nothing says how old: no present level.
  const isOffline = data['device-offline'] === true;
  const now = isOffline ? {} : { ...EVENTS.get(tail ?? ''), ...readNow(data) };
  const measurements: Measurement[] = [];
  if (emptiedAtMs !== undefined) {
    measurements.push({ observedAtMs: emptiedAtMs, extras: { emptied: true } });
  }
  if (Object.keys(now).length > 0) measurements.push(now);
  const isStatus = measurements.length === 0;
  return {
    ok: true,
    uplink: {
      envelope: 'bintel-v2',
      kind: isStatus ? 'status' : 'reading',
      deviceId,
      // The message has neither number nor time of its own.
      identity: undefined,
      observedAtMs: undefined,
      fPort: undefined,
      payload: undefined,
      modelHint: undefined,
      measurements: isStatus ? undefined : measurements,
      // The platform's own word: a request for a pickup, or that it has not heard from the sensor.
      ...(isStatus && { isHearsay: true }),
    },
  };
}

function readNow(data: Data): Measurement {
  const fill = data['fill-percent'] ?? undefined;
  const temperatureC = data.temperature ?? undefined;
  const state = data['fill-state'];
  return {
    ...(fill !== undefined && { fillPercent: toFillPercent(fill, 'ratio') }),
    ...(temperatureC !== undefined && { temperatureC }),
    // A word is no level: only that it is full is told on.
    ...((state === 'full' || state === 'overfull') && { alarms: ['full'] }),
  };
}
