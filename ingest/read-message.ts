import { detectReader, findReader } from './envelopes/choose-reader.ts';
import type { EnvelopeReader, Message } from './envelopes/message.ts';
import { MAX_JSON_BYTES, parseJson } from './envelopes/parse-json.ts';
import type { JsonResult } from './envelopes/parse-json.ts';
import { refuse } from './envelopes/uplink.ts';
import type { ReadResult } from './envelopes/uplink.ts';
import { findSource } from './sources/find-source.ts';
import { NO_SOURCES } from './sources/source.ts';
import type { Source } from './sources/source.ts';

/** A message as a door took it in. */
export interface RawMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** The journal it came through. */
  readonly door?: string;
  /** When it was taken in, ms since 1970: needed only where a message tells its times relative to now. */
  readonly receivedAtMs?: number;
}

const NOT_READ: Record<Extract<JsonResult, { ok: false }>['reason'], string> = {
  'not-json': 'the payload is not JSON',
  'bad-encoding': 'the payload is not clean UTF-8 without a byte order mark',
  'too-deep': 'the payload nests deeper than 32 levels',
  'too-long': `the payload is longer than ${MAX_JSON_BYTES} bytes`,
};

/**
 * Takes a message out of its envelope. The source it belongs to decides which that is; else its topic, else the shape of its
 * document. Pure, and never throws.
 */
export function readMessage(raw: RawMessage, sources: readonly Source[] = NO_SOURCES): ReadResult {
  const { topic, payload: bytes, receivedAtMs } = raw;
  const source = findSource(raw, sources);
  const message: Message = { topic, bytes, receivedAtMs, source };
  const json = parseOnce(bytes);
  const reader =
    source?.envelope === undefined
      ? detectReader(topic, () => documentOf(json()))
      : findReader(source.envelope);
  if (reader === undefined) return refuseUnknown(topic, json());
  const result = readWith(reader, message, json);
  if (result.ok || result.deviceId !== undefined) return result;
  const deviceId = reader.findTopicDevice?.(message);
  return deviceId === undefined ? result : { ...result, deviceId };
}

function readWith(
  reader: EnvelopeReader,
  message: Message,
  readJson: () => JsonResult,
): ReadResult {
  if (reader.content === 'bytes') return reader.read(message);
  const json = readJson();
  if (!json.ok) return refuse(json.reason, NOT_READ[json.reason]);
  return reader.read({ ...message, document: json.value });
}

/** Nobody reads this form. A payload that is no JSON at all is refused as that, which says more. */
function refuseUnknown(topic: string, json: JsonResult): ReadResult {
  if (!json.ok) return refuse(json.reason, NOT_READ[json.reason]);
  return refuse('unknown-format', `no format is known for the topic ${topic}`);
}

function documentOf(json: JsonResult): unknown {
  return json.ok ? json.value : undefined;
}

function parseOnce(bytes: Uint8Array): () => JsonResult {
  let result: JsonResult | undefined;
  return () => (result ??= parseJson(bytes));
}
