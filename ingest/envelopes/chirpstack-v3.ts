import { z } from 'zod';
import type { DeviceId } from '../../domain/ids.ts';
import { decodeBase64 } from './base64.ts';
import { checkShape } from './check-shape.ts';
import { BATTERY_FIELDS, readBattery } from './chirpstack-battery.ts';
import { checkDevice, isChirpStackTopic, readChirpStackTopic } from './chirpstack-topic.ts';
import { decodedFields, isMapped } from './decoded-fields.ts';
import { MAX_FRAME_COUNTER, MAX_PORT } from './lorawan-frame.ts';
import { readDevEui, readFrameBytes, readServerTime } from './lorawan-frame.ts';
import { hasKeys } from './message.ts';
import type { EnvelopeReader, JsonMessage } from './message.ts';
import { parseJson } from './parse-json.ts';
import { hashIdentity } from './status-identity.ts';
import { printable, refuse } from './uplink.ts';
import type { ReadResult } from './uplink.ts';

/** Events that are not uplinks (ChirpStack Application Server 3, "Event types"). */
const STATUS_EVENTS = new Set([
  'join',
  'status',
  'ack',
  'txack',
  'error',
  'location',
  'integration',
]);
/** What the network server and its gateways do by themselves. */
const HEARSAY_EVENTS = new Set(['txack', 'error', 'integration']);
/** Fields that only an uplink has. */
const UPLINK_KEYS = ['data', 'fPort'];

/** Only what is read; everything else in the document is let pass. */
const Document = z.object({
  /** Base64 of 8 bytes; hexadecimal with the marshaler `json_v3`. */
  devEUI: z.string(),
  /** Base64 of 4 bytes, or hexadecimal. */
  devAddr: z.string().nullish(),
  deviceProfileName: z.string().nullish(),
  publishedAt: z.string().nullish(),
  rxInfo: z.array(z.object({ time: z.string().nullish() })).nullish(),
  fCnt: z.int().min(0).max(MAX_FRAME_COUNTER).nullish(),
  fPort: z.int().min(0).max(MAX_PORT).nullish(),
  data: z.string().nullish(),
  objectJSON: z.string().nullish(),
  ...BATTERY_FIELDS,
});
type Document = z.output<typeof Document>;

const MODEL_HINT_LENGTH = 100;

/** ChirpStack v3: device ids in base64, no `deviceInfo`, and the decoded object as a text. */
export const CHIRPSTACK_V3: EnvelopeReader = {
  content: 'json',
  ownsTopic: isChirpStackTopic,
  fits: (document) => hasKeys(document, 'devEUI', 'applicationID'),
  findTopicDevice: ({ topic }) => readDevEui(readChirpStackTopic(topic).topicDevEui ?? ''),
  read: readChirpStackV3,
};

function readChirpStackV3(message: JsonMessage): ReadResult {
  const { topicDevEui, topicEvent } = readChirpStackTopic(message.topic);
  if (topicEvent !== undefined && topicEvent !== 'up' && !STATUS_EVENTS.has(topicEvent)) {
    return refuse('unknown-format', `ChirpStack v3 has no event ${topicEvent}`);
  }
  const shape = checkShape(Document, message.document);
  if (!shape.ok) return shape;
  const event = shape.value;
  const eui = readDevEui(toHex(event.devEUI, 8) ?? '');
  const device = checkDevice('devEUI', eui, { written: event.devEUI, topicDevEui });
  if (!device.ok) return device;
  const time = readTime(event, device.deviceId);
  if (!time.ok) return time;
  const isUplink =
    topicEvent === undefined
      ? UPLINK_KEYS.some((key) => hasKeys(message.document, key))
      : topicEvent === 'up';
  const known = { event, deviceId: device.deviceId, observedAtMs: time.atMs };
  return isUplink ? readUplink(message, known) : readStatus(message, known, topicEvent ?? 'event');
}

/** The server's time; releases before 3.11 have only that of the gateway that heard the frame first. */
function readTime(event: Document, deviceId: DeviceId): ReturnType<typeof readServerTime> {
  if (event.publishedAt) return readServerTime('publishedAt', event.publishedAt, deviceId);
  const heard = event.rxInfo?.find(({ time }) => time !== undefined && time !== null);
  return readServerTime('rxInfo.time', heard?.time, deviceId);
}

interface KnownEvent {
  readonly event: Document;
  readonly deviceId: DeviceId;
  readonly observedAtMs: number | undefined;
}

function readUplink(
  message: JsonMessage,
  { event, deviceId, observedAtMs }: KnownEvent,
): ReadResult {
  const data = readFrameBytes('data', event.data, deviceId);
  if (!data.ok) return data;
  const identity = frameIdentity(deviceId, event);
  const common = {
    envelope: 'chirpstack-v3',
    deviceId,
    observedAtMs,
    fPort: event.fPort ?? 0,
    modelHint: modelHint(event),
    measurements: undefined,
    ...decodedFields(parseObject(event.objectJSON), message.source),
  } as const;
  if (common.fPort !== 0 && (data.bytes.length > 0 || isMapped(common))) {
    const payload = data.bytes.length > 0 ? data.bytes : undefined;
    return { ok: true, uplink: { ...common, kind: 'reading', identity, payload } };
  }
  // MAC commands only, or nothing at all: the device lives, but measured nothing.
  const status = identity ?? hashIdentity(`cs3:${deviceId}`, message.bytes);
  return { ok: true, uplink: { ...common, kind: 'status', identity: status, payload: undefined } };
}

/** As in version 4: a join gives a new address. Without one the counter alone would drop frames of the next session. */
function frameIdentity(deviceId: DeviceId, event: Document): string | undefined {
  const address = toHex(event.devAddr ?? '', 4);
  return address === undefined ? undefined : `cs:${deviceId}:${address}:${event.fCnt ?? 0}`;
}

function modelHint({ deviceProfileName: name }: Document): string | undefined {
  return name ? printable(name, MODEL_HINT_LENGTH).toLowerCase() : undefined;
}

/** A text that is no JSON is as good as none: the bytes are there too. */
function parseObject(text: string | null | undefined): unknown {
  if (!text) return undefined;
  const json = parseJson(Buffer.from(text));
  return json.ok ? json.value : undefined;
}

/** Hexadecimal of an id of so many bytes, however it is written; the two forms differ in length. */
function toHex(text: string, byteCount: number): string | undefined {
  if (text.length === byteCount * 2 && /^[0-9a-fA-F]+$/.test(text)) return text.toLowerCase();
  const bytes = decodeBase64(text);
  return bytes?.length === byteCount ? Buffer.from(bytes).toString('hex') : undefined;
}

function readStatus(
  message: JsonMessage,
  { event, deviceId, observedAtMs }: KnownEvent,
  name: string,
): ReadResult {
  const battery = readBattery(event, deviceId);
  if (!battery.ok) return battery;
  return {
    ok: true,
    uplink: {
      envelope: 'chirpstack-v3',
      kind: 'status',
      deviceId,
      identity: hashIdentity(`cs3:${deviceId}:${name}`, message.bytes),
      observedAtMs,
      fPort: undefined,
      payload: undefined,
      modelHint: modelHint(event),
      measurements: undefined,
      ...(battery.percent !== undefined && { reportedBatteryPercent: battery.percent }),
      ...(HEARSAY_EVENTS.has(name) && { isHearsay: true }),
    },
  };
}
