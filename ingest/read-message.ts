import { ID_RULE, parseDeviceId } from '../domain/ids.ts';
import type { DeviceId } from '../domain/ids.ts';
import { readChirpStack } from './envelopes/chirpstack.ts';
import { readDevEui } from './envelopes/lorawan-frame.ts';
import { readOwnJson } from './envelopes/own-json.ts';
import { MAX_JSON_BYTES, parseJson } from './envelopes/parse-json.ts';
import { readTheThingsStack } from './envelopes/the-things-stack.ts';
import { refuse } from './envelopes/uplink.ts';
import type { ReadResult } from './envelopes/uplink.ts';
import { NO_SOURCES } from './sources/source.ts';
import type { Source } from './sources/source.ts';

/** A message as a door took it in. */
export interface RawMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** The journal it came through. */
  readonly door?: string;
}

/** What a topic says about the message under it. */
type Route =
  | { readonly format: 'own'; readonly device: string }
  | { readonly format: 'ttn-v3'; readonly device: string; readonly tail: string }
  | { readonly format: 'chirpstack-v4'; readonly devEui: string; readonly event: string }
  | { readonly format: 'unknown' };

const NOT_READ: Record<Extract<ReturnType<typeof parseJson>, { ok: false }>['reason'], string> = {
  'not-json': 'the payload is not JSON',
  'bad-encoding': 'the payload is not clean UTF-8 without a byte order mark',
  'too-deep': 'the payload nests deeper than 32 levels',
  'too-long': `the payload is longer than ${MAX_JSON_BYTES} bytes`,
};

/**
 * Takes a message out of its envelope: Tunna's own JSON, The Things Stack v3 or ChirpStack v4. The topic
 * decides which; under a topic that says nothing, the shape of the document does. Pure, and never throws.
 */
export function readMessage(
  { topic, payload }: RawMessage,
  _sources: readonly Source[] = NO_SOURCES,
): ReadResult {
  const route = findRoute(topic);
  const topicDevice = findTopicDevice(route);
  const json = parseJson(payload);
  if (!json.ok) return refuse(json.reason, NOT_READ[json.reason], topicDevice);
  const result = readDocument(route, topic, json.value, payload);
  if (result.ok || result.deviceId !== undefined || topicDevice === undefined) return result;
  return { ...result, deviceId: topicDevice };
}

function readDocument(
  route: Route,
  topic: string,
  document: unknown,
  bytes: Uint8Array,
): ReadResult {
  const message = { document, bytes };
  switch (route.format) {
    case 'own': {
      const device = parseDeviceId(route.device);
      if (device !== undefined) return readOwnJson(document, device);
      return refuse('bad-id', `the device in the topic must be ${ID_RULE}, got ${route.device}`);
    }
    case 'ttn-v3':
      return readTheThingsStack({ ...message, topicDevice: route.device, topicTail: route.tail });
    case 'chirpstack-v4':
      return readChirpStack({ ...message, topicDevEui: route.devEui, topicEvent: route.event });
    case 'unknown':
      if (hasKeys(document, 'deviceInfo', 'devAddr')) return readChirpStack(message);
      if (hasKeys(document, 'end_device_ids')) return readTheThingsStack(message);
      return refuse('unknown-format', `no format is known for the topic ${topic}`);
  }
}

/** The device that the topic names, so that even a message nobody can read is filed under it. */
function findTopicDevice(route: Route): DeviceId | undefined {
  if (route.format === 'own') return parseDeviceId(route.device);
  if (route.format === 'chirpstack-v4') return readDevEui(route.devEui);
  return undefined;
}

function findRoute(topic: string): Route {
  const levels = topic.split('/');
  const [first, second = '', third, fourth = '', ...rest] = levels;
  if (first === 'bins' && third === 'up' && levels.length === 3) {
    return { format: 'own', device: second };
  }
  if (first === 'v3' && third === 'devices' && rest.length > 0) {
    return { format: 'ttn-v3', device: fourth, tail: rest.join('/') };
  }
  const [event, type = ''] = rest;
  if (first === 'application' && third === 'device' && event === 'event' && rest.length === 2) {
    return { format: 'chirpstack-v4', devEui: fourth, event: type };
  }
  return { format: 'unknown' };
}

function hasKeys(value: unknown, ...keys: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return keys.every((key) => Object.hasOwn(value, key));
}
