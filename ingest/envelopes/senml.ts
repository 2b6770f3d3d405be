import type { DeviceId } from '../../domain/ids.ts';
import type { Measurement } from '../../domain/measurement.ts';
import { findTopicDevice } from '../sources/topic-device.ts';
import type { EnvelopeReader, JsonMessage } from './message.ts';
import { deviceOfHead, splitName } from './senml-name.ts';
import { looksLikeSenml, resolvePack } from './senml-pack.ts';
import type { SenmlRecord } from './senml-pack.ts';
import { readQuantity } from './senml-quantity.ts';
import { refuse } from './uplink.ts';
import type { ReadResult, Refusal } from './uplink.ts';

/** SenML (RFC 8428) as JSON. On a device's own topic a list can be nothing else: Tunna's own JSON is an object. */
export const SENML: EnvelopeReader = {
  content: 'json',
  ownsTopic: (levels) => levels.length === 3 && levels[0] === 'bins' && levels[2] === 'up',
  fits: looksLikeSenml,
  findTopicDevice: ({ topic, source }) => findTopicDevice(topic, source),
  read: readSenml,
};

function readSenml(message: JsonMessage): ReadResult {
  const pack = resolvePack(message.document, message.receivedAtMs);
  if (!pack.ok) return pack;
  const { records } = pack;
  if (records.length === 0) return refuse('no-level', 'the pack has no values');
  const device = findDevice(records, message);
  if (!device.ok) return device;
  const { deviceId } = device;
  const read = readRecords(records, message, deviceId);
  if (!read.ok) return read;
  if (read.measurements.length === 0) {
    const names = records.map(({ name }) => name).join(', ');
    return refuse('no-level', `there is no known quantity among ${names}`, deviceId);
  }
  return {
    ok: true,
    uplink: {
      envelope: 'senml',
      kind: 'reading',
      deviceId,
      identity: undefined,
      observedAtMs: newestAbsolute(records),
      fPort: undefined,
      payload: undefined,
      modelHint: undefined,
      measurements: read.measurements,
    },
  };
}

/**
 * The device in the names, which must be one for the whole pack, else the one that the topic names. On `bins/{deviceId}/up`
 * both must be the same: a device speaks for itself only.
 */
export function findDevice(
  records: readonly Pick<SenmlRecord, 'name' | 'baseLength'>[],
  { topic, source }: JsonMessage,
  headOf = ({ name, baseLength }: Pick<SenmlRecord, 'name' | 'baseLength'>): string =>
    splitName(name, baseLength).head,
): { readonly ok: true; readonly deviceId: DeviceId } | Refusal {
  const inTopic = findTopicDevice(topic, source);
  const heads = [...new Set(records.map(headOf))];
  const named = new Set<DeviceId>();
  for (const head of heads) {
    const device = deviceOfHead(head);
    if (device === 'bad') return refuse('bad-id', `the base name ${head} names no device`);
    if (device !== undefined) named.add(device);
  }
  const [first, ...others] = named;
  if (others.length > 0) {
    return refuse('device-mismatch', `the pack is of several devices: ${[...named].join(', ')}`);
  }
  const deviceId = first ?? inTopic;
  if (deviceId === undefined) {
    return refuse('no-identity', 'neither the base name nor the topic says which device this is');
  }
  if (inTopic !== undefined && inTopic !== deviceId && topic.startsWith('bins/')) {
    return refuse(
      'device-mismatch',
      `the topic says ${inTopic}, the base name ${deviceId}`,
      inTopic,
    );
  }
  return { ok: true, deviceId };
}

/** One measurement for each time, oldest first; what has no known quantity in it gives none. */
function readRecords(
  records: readonly SenmlRecord[],
  message: JsonMessage,
  deviceId: DeviceId,
): { readonly ok: true; readonly measurements: readonly Measurement[] } | Refusal {
  const byTime = new Map<number | undefined, Measurement>();
  for (const record of records) {
    const { quantity } = splitName(record.name, record.baseLength);
    const read = readQuantity(quantity, record, message.source);
    if (read === undefined) continue;
    if (!read.ok) return refuse(read.reason, read.detail, deviceId);
    const before = byTime.get(record.atMs) ?? {};
    const twice = Object.keys(read.values).find((key) => Object.hasOwn(before, key));
    if (twice !== undefined) {
      return refuse('wrong-type', `${record.name}: a second ${twice} at the same time`, deviceId);
    }
    byTime.set(record.atMs, { ...before, ...read.values });
  }
  const measurements = [...byTime]
    .sort(([a = Infinity], [b = Infinity]) => (a === b ? 0 : a - b))
    .map(([atMs, values]) => (atMs === undefined ? values : { observedAtMs: atMs, ...values }));
  return { ok: true, measurements };
}

/**
 * The time by which the pack is told from others. One that is relative to its arrival tells nothing: it is another one for
 * each delivery.
 */
export function newestAbsolute(
  records: readonly Pick<SenmlRecord, 'atMs' | 'isRelative'>[],
): number | undefined {
  if (records.some(({ isRelative }) => isRelative)) return undefined;
  return records.reduce<number | undefined>(
    (newest, { atMs }) => (atMs === undefined ? newest : Math.max(newest ?? atMs, atMs)),
    undefined,
  );
}
