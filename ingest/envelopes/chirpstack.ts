import { z } from 'zod';
import type { DeviceId } from '../../domain/ids.ts';
import type { Source } from '../sources/source.ts';
import { checkShape } from './check-shape.ts';
import { readChirpStackNews } from './command-news.ts';
import { BATTERY_FIELDS, readBattery } from './chirpstack-battery.ts';
import { checkDevice, isChirpStackTopic, readChirpStackTopic } from './chirpstack-topic.ts';
import { decodedFields, isMapped } from './decoded-fields.ts';
import { MAX_FRAME_COUNTER, MAX_PORT } from './lorawan-frame.ts';
import { readDevEui, readFrameBytes, readServerTime } from './lorawan-frame.ts';
import { hasKeys } from './message.ts';
import type { EnvelopeReader } from './message.ts';
import { hashIdentity } from './status-identity.ts';
import { printable, refuse } from './uplink.ts';
import type { ReadResult, Refusal } from './uplink.ts';

/** Events that are not uplinks (chirpstack-docs, integrations/events.md). */
const STATUS_EVENTS = new Set(['join', 'status', 'ack', 'txack', 'log', 'location', 'integration']);

/** What the network server and its gateways do by themselves; the others follow from a frame of the device. */
const HEARSAY_EVENTS = new Set(['txack', 'log', 'integration']);
/** The same where the topic says nothing: the document has one of these. */
const HEARSAY_KEYS = ['downlinkId', 'level', 'integrationName'];

/** Fields that only an uplink has. */
const UPLINK_KEYS = ['data', 'fPort', 'fCnt', 'rxInfo'];

/** Only what is read; everything else in the document is let pass. Empty fields may be left out. */
const DeviceInfo = z.object({
  devEui: z.string(),
  deviceProfileName: z.string().nullish(),
});

const StatusDocument = z.object({
  deduplicationId: z.string().nullish(),
  time: z.string().nullish(),
  deviceInfo: DeviceInfo,
  ...BATTERY_FIELDS,
});
type StatusDocument = z.output<typeof StatusDocument>;

const UplinkDocument = z.object({
  time: z.string().nullish(),
  deviceInfo: DeviceInfo,
  devAddr: z.string().nullish(),
  fCnt: z.int().min(0).max(MAX_FRAME_COUNTER).nullish(),
  fPort: z.int().min(0).max(MAX_PORT).nullish(),
  data: z.string().nullish(),
  object: z.unknown().optional(),
});
type UplinkDocument = z.output<typeof UplinkDocument>;

const DEV_ADDR = /^[0-9a-fA-F]{8}$/;
const DEDUPLICATION_ID = /^[0-9a-fA-F-]{1,64}$/;
const MODEL_HINT_LENGTH = 100;

/** A message of ChirpStack v4, and what its topic says about it. */
export interface ChirpStackMessage {
  readonly document: unknown;
  readonly bytes: Uint8Array;
  /** DevEUI in the topic; `undefined` when the topic is of another kind. */
  readonly topicDevEui?: string;
  /** Last level of the topic. */
  readonly topicEvent?: string;
  readonly source?: Source | undefined;
}

/** ChirpStack v4 with its default JSON. */
export const CHIRPSTACK_V4: EnvelopeReader = {
  content: 'json',
  ownsTopic: isChirpStackTopic,
  fits: (document) => hasKeys(document, 'deviceInfo', 'devAddr'),
  findTopicDevice: ({ topic }) => readDevEui(readChirpStackTopic(topic).topicDevEui ?? ''),
  read: (message) => readChirpStack({ ...message, ...readChirpStackTopic(message.topic) }),
};

/** Reads an event of ChirpStack v4 in its JSON form. `object` is somebody's script, and only believed through a mapping. */
export function readChirpStack(message: ChirpStackMessage): ReadResult {
  const { document, topicEvent } = message;
  if (topicEvent !== undefined && topicEvent !== 'up' && !STATUS_EVENTS.has(topicEvent)) {
    return refuse('unknown-format', `ChirpStack has no event ${topicEvent}`);
  }
  const isUplink = topicEvent === undefined ? looksLikeUplink(document) : topicEvent === 'up';
  return isUplink ? readUplink(message) : readStatus(message, topicEvent ?? 'event');
}

function looksLikeUplink(document: unknown): boolean {
  return hasAny(document, UPLINK_KEYS);
}

function isHearsay({ document, topicEvent }: ChirpStackMessage): boolean {
  if (topicEvent !== undefined) return HEARSAY_EVENTS.has(topicEvent);
  return hasAny(document, HEARSAY_KEYS);
}

function hasAny(document: unknown, keys: readonly string[]): boolean {
  if (typeof document !== 'object' || document === null) return false;
  return keys.some((key) => Object.hasOwn(document, key));
}

function readUplink(message: ChirpStackMessage): ReadResult {
  const shape = checkShape(UplinkDocument, message.document);
  if (!shape.ok) return shape;
  const event = shape.value;
  const device = readDevice(event.deviceInfo.devEui, message.topicDevEui);
  if (!device.ok) return device;
  const { deviceId } = device;
  // ChirpStack's own choice: GPS time of the gateway, else its clock when near the server's, else the server's.
  const time = readServerTime('time', event.time, deviceId);
  if (!time.ok) return time;
  const data = readFrameBytes('data', event.data, deviceId);
  if (!data.ok) return data;
  const identity = frameIdentity(deviceId, event);
  const common = {
    envelope: 'chirpstack-v4',
    deviceId,
    observedAtMs: time.atMs,
    fPort: event.fPort ?? 0,
    modelHint: modelHint(event.deviceInfo),
    measurements: undefined,
    ...decodedFields(event.object, message.source),
  } as const;
  if (data.bytes.length === 0 && common.fPort !== 0 && isMapped(common)) {
    return { ok: true, uplink: { ...common, kind: 'reading', identity, payload: undefined } };
  }
  if (common.fPort === 0 || data.bytes.length === 0) {
    // MAC commands only, or nothing at all: the device lives, but measured nothing.
    const status = identity ?? hashIdentity(`cs:${deviceId}`, message.bytes);
    return {
      ok: true,
      uplink: { ...common, kind: 'status', identity: status, payload: undefined },
    };
  }
  return { ok: true, uplink: { ...common, kind: 'reading', identity, payload: data.bytes } };
}

/**
 * The counter starts again with every join, and a join gives a new address. The deduplication id would
 * not do: a frame let through twice (counter check switched off) gets a new one each time.
 */
function frameIdentity(deviceId: DeviceId, event: UplinkDocument): string | undefined {
  const { devAddr } = event;
  if (devAddr === undefined || devAddr === null || !DEV_ADDR.test(devAddr)) return undefined;
  return `cs:${deviceId}:${devAddr.toLowerCase()}:${event.fCnt ?? 0}`;
}

function modelHint(info: z.output<typeof DeviceInfo>): string | undefined {
  const name = info.deviceProfileName;
  return name ? printable(name, MODEL_HINT_LENGTH).toLowerCase() : undefined;
}

function readStatus(message: ChirpStackMessage, event: string): ReadResult {
  const shape = checkShape(StatusDocument, message.document);
  if (!shape.ok) return shape;
  const document = shape.value;
  const device = readDevice(document.deviceInfo.devEui, message.topicDevEui);
  if (!device.ok) return device;
  const { deviceId } = device;
  const time = readServerTime('time', document.time, deviceId);
  if (!time.ok) return time;
  const battery = readBattery(document, deviceId);
  if (!battery.ok) return battery;
  const dedup = document.deduplicationId ?? '';
  const commandNews = readChirpStackNews(message.document, message.topicEvent);
  return {
    ok: true,
    uplink: {
      envelope: 'chirpstack-v4',
      kind: 'status',
      deviceId,
      // Several events may follow from one frame, and share its deduplication id.
      identity: DEDUPLICATION_ID.test(dedup)
        ? `cs:${deviceId}:${event}:${dedup}`
        : hashIdentity(`cs:${deviceId}:${event}`, message.bytes),
      observedAtMs: time.atMs,
      fPort: undefined,
      payload: undefined,
      modelHint: modelHint(document.deviceInfo),
      measurements: undefined,
      ...(battery.percent !== undefined && { reportedBatteryPercent: battery.percent }),
      ...(isHearsay(message) && { isHearsay: true }),
      ...(commandNews.length > 0 && { commandNews }),
    },
  };
}

function readDevice(
  written: string,
  topicDevEui: string | undefined,
): { readonly ok: true; readonly deviceId: DeviceId } | Refusal {
  return checkDevice('deviceInfo.devEui', readDevEui(written), { written, topicDevEui });
}
