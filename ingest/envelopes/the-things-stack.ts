import { z } from 'zod';
import { parseDeviceId } from '../../domain/ids.ts';
import type { DeviceId } from '../../domain/ids.ts';
import { findWebhookEvent } from '../sources/find-source.ts';
import type { Source } from '../sources/source.ts';
import { checkShape } from './check-shape.ts';
import { readTtnNews } from './command-news.ts';
import { decodedFields, isMapped } from './decoded-fields.ts';
import { MAX_FRAME_COUNTER, MAX_PORT } from './lorawan-frame.ts';
import { readDevEui, readFrameBytes, readServerTime } from './lorawan-frame.ts';
import { hasKeys } from './message.ts';
import type { EnvelopeReader } from './message.ts';
import { hashIdentity } from './status-identity.ts';
import { printable, refuse } from './uplink.ts';
import type { ReadResult } from './uplink.ts';

/** Last levels of `v3/{application}/devices/{device}/...` (lorawan-stack, pkg/.../mqtt/topics/v3.go). */
const STATUS_TAILS = new Set([
  'join',
  'down/push',
  'down/replace',
  'down/queued',
  'down/sent',
  'down/ack',
  'down/nack',
  'down/failed',
  'down/invalidated',
  'service/data',
  'location/solved',
  // The same frame as `up` once more, after the payload formatter: never a second reading.
  'up/normalized',
]);

/** What the network server does by itself; an `ack` or `nack`, though, is a frame of the device. */
const HEARSAY_TAILS = new Set([
  'down/push',
  'down/replace',
  'down/queued',
  'down/sent',
  'down/failed',
  'down/invalidated',
]);
/** The same where the topic says nothing: the document has one of these. */
const HEARSAY_KEYS = [
  'downlinks',
  'downlink_queued',
  'downlink_sent',
  'downlink_failed',
  'downlink_queue_invalidated',
];

/** Only what is read; everything else in the document is let pass. Proto-JSON leaves out empty fields. */
const Ids = z.object({
  device_id: z.string().nullish(),
  dev_eui: z.string().nullish(),
});

const StatusDocument = z.object({
  end_device_ids: Ids.nullish(),
  received_at: z.string().nullish(),
});

const UplinkMessage = z.object({
  session_key_id: z.string().nullish(),
  f_port: z.int().min(0).max(MAX_PORT).nullish(),
  f_cnt: z.int().min(0).max(MAX_FRAME_COUNTER).nullish(),
  frm_payload: z.string().nullish(),
  decoded_payload: z.unknown().optional(),
  received_at: z.string().nullish(),
  version_ids: z
    .object({ brand_id: z.string().nullish(), model_id: z.string().nullish() })
    .nullish(),
});
type UplinkMessage = z.output<typeof UplinkMessage>;

const UplinkDocument = z.object({
  end_device_ids: Ids,
  received_at: z.string().nullish(),
  simulated: z.boolean().nullish(),
  uplink_message: UplinkMessage,
});

/** Base64 in practice; what else would come must not reach an identity. */
const SESSION_KEY_ID = /^[A-Za-z0-9+/=_-]{1,64}$/;
const MODEL_HINT_LENGTH = 100;

/** A message of The Things Stack v3, and what its topic says about it. */
export interface TheThingsStackMessage {
  readonly document: unknown;
  readonly bytes: Uint8Array;
  /** Device in the topic, which is not the DevEUI; `undefined` when the topic is of another kind. */
  readonly topicDevice?: string;
  /** What follows the device in the topic. */
  readonly topicTail?: string;
  readonly source?: Source | undefined;
}

/** The Things Stack v3. */
export const TTN_V3: EnvelopeReader = {
  content: 'json',
  ownsTopic: isTheThingsStackTopic,
  fits: (document) => hasKeys(document, 'end_device_ids'),
  read: (message) => readTheThingsStack({ ...message, ...readTopic(message.topic) }),
};

/** Whether a topic is `v3/{application}/devices/{device}/...`. */
function isTheThingsStackTopic(levels: readonly string[]): boolean {
  return levels.length > 4 && levels[0] === 'v3' && levels[2] === 'devices';
}

function readTopic(topic: string): Pick<TheThingsStackMessage, 'topicDevice' | 'topicTail'> {
  const levels = topic.split('/');
  if (isTheThingsStackTopic(levels)) {
    return { topicDevice: levels[3] ?? '', topicTail: levels.slice(4).join('/') };
  }
  // What stands behind a webhook's name is up to whoever wrote its paths: only the server's own words are believed.
  const event = findWebhookEvent(topic);
  const isKnown = event === 'up' || (event !== undefined && STATUS_TAILS.has(event));
  return isKnown ? { topicTail: event } : {};
}

/** Reads a document of The Things Stack v3. `decoded_payload` is somebody's script, and only believed through a mapping. */
export function readTheThingsStack(message: TheThingsStackMessage): ReadResult {
  const { document, topicTail } = message;
  if (topicTail !== undefined && topicTail !== 'up' && !STATUS_TAILS.has(topicTail)) {
    return refuse('unknown-format', `The Things Stack has no topic ending in ${topicTail}`);
  }
  const isUplink =
    topicTail === undefined ? hasKeys(document, 'uplink_message') : topicTail === 'up';
  return isUplink ? readUplink(message) : readStatus(message);
}

function readUplink(message: TheThingsStackMessage): ReadResult {
  const shape = checkShape(UplinkDocument, message.document);
  if (!shape.ok) return shape;
  const { end_device_ids: ids, uplink_message: frame } = shape.value;
  if (ids.dev_eui === undefined || ids.dev_eui === null) {
    return refuse('no-identity', 'end_device_ids.dev_eui is missing');
  }
  const deviceId = readDevEui(ids.dev_eui);
  if (deviceId === undefined) return refuse('bad-id', `end_device_ids.dev_eui: ${ids.dev_eui}`);
  const mismatch = findMismatch(message.topicDevice, ids.device_id);
  if (mismatch !== undefined) return refuse('device-mismatch', mismatch, deviceId);

  // When the frame reached the network server. A gateway's own time (`rx_metadata[].time`,
  // `settings.time`) comes before it, but its accuracy is undefined, says the API; a gateway with a
  // wrong clock would date every reading of a district. The application server's time is second best.
  const heard = readServerTime('uplink_message.received_at', frame.received_at, deviceId);
  if (!heard.ok) return heard;
  const passedOn = readServerTime('received_at', shape.value.received_at, deviceId);
  if (!passedOn.ok) return passedOn;
  const bytes = readFrameBytes('uplink_message.frm_payload', frame.frm_payload, deviceId);
  if (!bytes.ok) return bytes;

  // A simulated uplink is no frame of the session: it must not use up one of its counters.
  const identity = shape.value.simulated === true ? undefined : frameIdentity(deviceId, frame);
  const common = {
    envelope: 'ttn-v3',
    deviceId,
    observedAtMs: heard.atMs ?? passedOn.atMs,
    fPort: frame.f_port ?? 0,
    modelHint: modelHint(frame),
    measurements: undefined,
    ...decodedFields(frame.decoded_payload, message.source),
  } as const;
  if (bytes.bytes.length === 0 && common.fPort !== 0 && isMapped(common)) {
    return { ok: true, uplink: { ...common, kind: 'reading', identity, payload: undefined } };
  }
  if (common.fPort === 0 || bytes.bytes.length === 0) {
    // MAC commands only, or nothing at all: the device lives, but measured nothing.
    const status = identity ?? hashIdentity(`ttn:${deviceId}`, message.bytes);
    return {
      ok: true,
      uplink: { ...common, kind: 'status', identity: status, payload: undefined },
    };
  }
  return { ok: true, uplink: { ...common, kind: 'reading', identity, payload: bytes.bytes } };
}

/** The counter starts again with every session, so it counts only together with the session's key. */
function frameIdentity(deviceId: DeviceId, frame: UplinkMessage): string | undefined {
  const session = frame.session_key_id;
  if (session === undefined || session === null || !SESSION_KEY_ID.test(session)) return undefined;
  return `ttn:${deviceId}:${session}:${frame.f_cnt ?? 0}`;
}

/** The ids of the device repository, such as `milesight-iot/em400-mud`. */
function modelHint(frame: UplinkMessage): string | undefined {
  const { brand_id: brand, model_id: model } = frame.version_ids ?? {};
  if (!brand || !model) return undefined;
  return printable(`${brand}/${model}`, MODEL_HINT_LENGTH).toLowerCase();
}

function findMismatch(
  topicDevice: string | undefined,
  bodyDevice: string | null | undefined,
): string | undefined {
  if (topicDevice === undefined || bodyDevice === undefined || bodyDevice === null)
    return undefined;
  if (topicDevice === bodyDevice) return undefined;
  return `the topic says ${topicDevice}, the message ${bodyDevice}`;
}

function readStatus(message: TheThingsStackMessage): ReadResult {
  const shape = checkShape(StatusDocument, message.document);
  if (!shape.ok) return shape;
  const ids = shape.value.end_device_ids ?? {};
  const mismatch = findMismatch(message.topicDevice, ids.device_id);
  if (mismatch !== undefined) return refuse('device-mismatch', mismatch);
  // Documents about downlinks may lack the DevEUI; the name of the device is then the best there is.
  const id = ids.dev_eui ?? ids.device_id ?? message.topicDevice;
  if (id === undefined) return refuse('no-identity', 'end_device_ids.dev_eui is missing');
  const deviceId = typeof ids.dev_eui === 'string' ? readDevEui(id) : parseDeviceId(id);
  if (deviceId === undefined) return refuse('bad-id', `end_device_ids: ${id}`);
  const time = readServerTime('received_at', shape.value.received_at, deviceId);
  if (!time.ok) return time;
  const commandNews = readTtnNews(message.document);
  return {
    ok: true,
    uplink: {
      envelope: 'ttn-v3',
      kind: 'status',
      deviceId,
      identity: hashIdentity(`ttn:${deviceId}`, message.bytes),
      observedAtMs: time.atMs,
      fPort: undefined,
      payload: undefined,
      modelHint: undefined,
      measurements: undefined,
      ...(isHearsay(message) && { isHearsay: true }),
      ...(commandNews.length > 0 && { commandNews }),
    },
  };
}

function isHearsay({ topicTail, document }: TheThingsStackMessage): boolean {
  if (topicTail !== undefined) return HEARSAY_TAILS.has(topicTail);
  return HEARSAY_KEYS.some((key) => hasKeys(document, key));
}
