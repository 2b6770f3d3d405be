import type { Alarm, Measurement } from '../../domain/measurement.ts';
import { findTopicDevice } from '../sources/topic-device.ts';
import { namesObject, readResources } from './lwm2m-resources.ts';
import type { Lwm2mResource } from './lwm2m-resources.ts';
import type { EnvelopeReader, JsonMessage } from './message.ts';
import { toVolts } from './scale-values.ts';
import { findDevice, newestAbsolute } from './senml.ts';
import { refuse } from './uplink.ts';
import type { ReadResult } from './uplink.ts';

/** "Filling level" (uCIFI, in the OMA registry). */
const FILLING_LEVEL = 3435;
/** "Temperature" (IPSO) and "Device" (OMA): other objects of the same client that say something of the sensor. */
const TEMPERATURE = 3303;
const DEVICE = 3;

/** Resources of 3435 that are facts of the message; 1, 3, 4, 6, 8, 10, 16 and 23 are settings, forecasts or no level. */
const PERCENT = 2;
const TIMESTAMP = 5518;
const QUALITY = 6042;
const OUT_OF_POSITION = 13;
const ALARM_BY_RESOURCE = new Map<number, Alarm>([
  [5, 'full'],
  [12, 'moved'],
  [OUT_OF_POSITION, 'tilt'],
  [21, 'lid-open'],
  [22, 'temperature'],
]);

/** 6042, "measurement quality": what the sensor itself rejects is no level. 3 and 4 are accepted, 0 is unchecked. */
const REJECTED = new Map([
  [1, 'the sensor rejects its measurement with certainty'],
  [2, 'the sensor rejects its measurement with probability'],
]);

/** The range of `Date` (ECMA-262, 21.4.1.1), s. */
const LAST_TIME_S = 8.64e12;

/** The unit that the object fixes for resource 2; `%` is how clients repeat the registry's older text. */
const PERCENT_UNITS: readonly (string | undefined)[] = [undefined, '/100', '%'];

/** LwM2M object 3435 as JSON: SenML names such as `/3435/0/2`, or such paths as names of an object. */
export const LWM2M_3435: EnvelopeReader = {
  content: 'json',
  fits: (document) => namesObject(document, FILLING_LEVEL),
  findTopicDevice: ({ topic, source }) => findTopicDevice(topic, source),
  read: readLwm2m,
};

function readLwm2m(message: JsonMessage): ReadResult {
  const read = readResources(message.document, message.receivedAtMs);
  if (!read.ok) return read;
  const { resources } = read;
  const heads = resources.map(({ head }) => ({ name: head, baseLength: head.length }));
  const device = findDevice(heads, message, ({ name }) => name);
  if (!device.ok) return device;
  const { deviceId } = device;
  const levels = resources.filter(({ objectId }) => objectId === FILLING_LEVEL);
  const instances = new Set(levels.map(({ instanceId }) => instanceId));
  if (instances.size > 1) {
    const detail = `/3435/${[...instances].join(' and /3435/')}: one device is in one bin`;
    return refuse('wrong-type', detail, deviceId);
  }
  const measurements: Measurement[] = [];
  for (const group of groupByTime(resources)) {
    const result = readGroup(group);
    if (typeof result === 'string') return refuse('wrong-type', result, deviceId);
    if (Object.keys(result).some((key) => key !== 'observedAtMs')) measurements.push(result);
  }
  if (measurements.length === 0) {
    return refuse('no-level', 'there is no /3435/x/2 and nothing else that is read', deviceId);
  }
  return {
    ok: true,
    uplink: {
      envelope: 'lwm2m-3435',
      kind: 'reading',
      deviceId,
      identity: undefined,
      observedAtMs: newestAbsolute(resources) ?? newestStamp(resources),
      fPort: undefined,
      payload: undefined,
      modelHint: undefined,
      measurements,
    },
  };
}

function groupByTime(resources: readonly Lwm2mResource[]): readonly (readonly Lwm2mResource[])[] {
  const groups = new Map<number | undefined, Lwm2mResource[]>();
  for (const resource of resources) {
    groups.set(resource.atMs, [...(groups.get(resource.atMs) ?? []), resource]);
  }
  return [...groups]
    .sort(([a = Infinity], [b = Infinity]) => (a === b ? 0 : a - b))
    .map(([, group]) => group);
}

/** What the resources of one time say, or what is wrong with one of them. */
function readGroup(group: readonly Lwm2mResource[]): Measurement | string {
  const problems: string[] = [];
  const find = (objectId: number, resourceId: number): Lwm2mResource | undefined =>
    group.find((one) => one.objectId === objectId && one.resourceId === resourceId);
  const number = (objectId: number, resourceId: number): number | undefined => {
    const value = find(objectId, resourceId)?.value;
    if (value === undefined || typeof value === 'number') return value;
    problems.push(`/${objectId}/x/${resourceId}: expected a number`);
    return undefined;
  };
  const percentUnit = find(FILLING_LEVEL, PERCENT)?.unit;
  if (!PERCENT_UNITS.includes(percentUnit)) {
    problems.push(`/3435/x/2: expected the unit /100, got ${percentUnit}`);
  }
  const fillPercent = number(FILLING_LEVEL, PERCENT);
  const sensorFault = REJECTED.get(number(FILLING_LEVEL, QUALITY) ?? 0);
  const temperatureC = number(TEMPERATURE, 5700);
  const batteryPercent = number(DEVICE, 9);
  const batteryMv = number(DEVICE, 7);
  const measuredAtS = number(FILLING_LEVEL, TIMESTAMP);
  if (measuredAtS !== undefined && Math.abs(measuredAtS) > LAST_TIME_S) {
    problems.push(`/3435/x/${TIMESTAMP}: ${measuredAtS} is no time`);
  }
  const { tilted, alarms } = readFlags(group, problems);
  const observedAtMs = measuredAtS === undefined ? group[0]?.atMs : toMs(measuredAtS);
  if (problems[0] !== undefined) return problems[0];
  return {
    ...(observedAtMs !== undefined && { observedAtMs }),
    ...(fillPercent !== undefined && sensorFault === undefined && { fillPercent }),
    ...(sensorFault !== undefined && { sensorFault }),
    ...(temperatureC !== undefined && { temperatureC }),
    ...(batteryPercent !== undefined && { batteryPercent }),
    ...(batteryMv !== undefined && { batteryV: toVolts(batteryMv, 'mV') }),
    ...(tilted !== undefined && { tilted }),
    ...(alarms.length > 0 && { alarms }),
  };
}

function readFlags(
  group: readonly Lwm2mResource[],
  problems: string[],
): { readonly tilted: boolean | undefined; readonly alarms: readonly Alarm[] } {
  const alarms: Alarm[] = [];
  let tilted: boolean | undefined;
  for (const { objectId, resourceId, value } of group) {
    const alarm = objectId === FILLING_LEVEL ? ALARM_BY_RESOURCE.get(resourceId) : undefined;
    if (alarm === undefined) continue;
    if (typeof value !== 'boolean' && value !== 0 && value !== 1) {
      problems.push(`/3435/x/${resourceId}: expected true or false`);
    } else if (value) alarms.push(alarm);
    if (resourceId === OUT_OF_POSITION) tilted = Boolean(value);
  }
  return { tilted, alarms };
}

/** The newest 5518 of the filling level: a time of the message's own, unlike that of its arrival. */
function newestStamp(resources: readonly Lwm2mResource[]): number | undefined {
  const stamps = resources.flatMap(({ objectId, resourceId, value }) =>
    objectId === FILLING_LEVEL && resourceId === TIMESTAMP && typeof value === 'number'
      ? [toMs(value)]
      : [],
  );
  return stamps.length === 0 ? undefined : Math.max(...stamps);
}

function toMs(seconds: number): number {
  return Math.round(seconds * 1000);
}
