import { z } from 'zod';
import { decodeBase64 } from '../../envelopes/base64.ts';
import { parseRfc3339 } from '../../envelopes/rfc3339.ts';
import type { HistoryFormat, HistoryRecord } from '../history-format.ts';
import { IMPORT_DOOR, writeBadRow } from '../imported-row.ts';
import { readLines } from '../read-lines.ts';
import type { Line } from '../read-lines.ts';
import { dtuRecords, isDtuDocument, readDocument } from './dtu.ts';
import { HistoryFileError } from '../history-format.ts';

/** A message as it was recorded: what a door took in, with when and how. */
const RecordedMessage = z.object({
  topic: z.string().min(1).max(65_535),
  /** RFC 3339, or ms since 1970. */
  receivedAt: z.union([z.string(), z.int().min(0)]).optional(),
  /** A text as it is; any other JSON value is written as JSON. */
  payload: z.json().optional(),
  payloadBase64: z.string().optional(),
  principal: z.string().max(200).nullish(),
  /** The journal that took it in, and its number there. */
  door: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .optional(),
  seq: z.int().min(1).optional(),
  qos: z.union([z.literal(0), z.literal(1), z.literal(2)]).optional(),
  messageId: z.int().min(0).max(65_535).nullish(),
  dup: z.boolean().optional(),
});
type RecordedMessage = z.output<typeof RecordedMessage>;

export interface MessagesOptions {
  /** For messages that do not say when they were received, ms since 1970. */
  readonly receivedAtMs?: number;
}

/**
 * Recorded messages: one JSON object a line (NDJSON), or one JSON list of them, or a file of the DTU pilot. A message is a
 * `topic` with a `payload` or `payloadBase64`, and says when it was received.
 */
export function createMessagesFormat(options: MessagesOptions): HistoryFormat {
  return {
    name: 'messages',
    meaning: { format: 'messages', ...options },
    read: (file, onBytes) =>
      file.toLowerCase().endsWith('.json')
        ? readJsonFile(file, options, onBytes)
        : readNdjson(file, options, onBytes),
  };
}

async function* readNdjson(
  file: string,
  options: MessagesOptions,
  onBytes: (count: number) => void,
): AsyncGenerator<HistoryRecord> {
  for await (const line of readLines(file, onBytes)) {
    if (line.text?.trim() !== '') yield readLine(line, options);
  }
}

async function* readJsonFile(
  file: string,
  options: MessagesOptions,
  onBytes: (count: number) => void,
): AsyncGenerator<HistoryRecord> {
  const document = readDocument(file, onBytes);
  if (isDtuDocument(document)) {
    // Safe: that is what was checked.
    yield* dtuRecords((document as { readonly data: readonly unknown[] }).data);
    return;
  }
  if (!Array.isArray(document)) {
    throw new HistoryFileError('it is neither a list of messages nor a file of the format dtu');
  }
  for (const [index, entry] of document.entries()) {
    yield toRecord(index + 1, entry, `entry ${index + 1}`, options);
  }
}

function readLine({ number, text, bytes, problem }: Line, options: MessagesOptions): HistoryRecord {
  const where = `line ${number}`;
  if (text === undefined) {
    const start = Buffer.from(bytes.subarray(0, 4_096)).toString('latin1');
    return badRecord(number, start, `${where}: ${problem ?? 'cannot be read'}`, 'bad-encoding');
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return badRecord(number, text, `${where}: is not JSON`, 'not-json');
  }
  return toRecord(number, document, where, options);
}

function toRecord(
  line: number,
  document: unknown,
  where: string,
  options: MessagesOptions,
): HistoryRecord {
  const bad = (detail: string, reason: 'wrong-type' | 'clock' = 'wrong-type'): HistoryRecord =>
    badRecord(line, JSON.stringify(document), `${where}: ${detail}`, reason);
  const parsed = RecordedMessage.safeParse(document);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = issue?.path.map(String).join('.') ?? '';
    return bad(`${path === '' ? '' : `${path}: `}${issue?.message ?? 'is no message'}`);
  }
  const message = parsed.data;
  const payload = toPayload(message);
  if (payload === undefined) return bad('needs either payload, or payloadBase64 in base64');
  const receivedAtMs = toTime(message.receivedAt) ?? options.receivedAtMs;
  if (message.receivedAt !== undefined && toTime(message.receivedAt) === undefined) {
    return bad(`receivedAt ${JSON.stringify(message.receivedAt)} is no time`, 'clock');
  }
  if (receivedAtMs === undefined) return bad('receivedAt is missing', 'clock');
  return {
    line,
    topic: message.topic,
    payload,
    observedAtMs: receivedAtMs,
    recorded: {
      receivedAtMs,
      principal: message.principal ?? null,
      door: message.door ?? IMPORT_DOOR,
      seq: message.seq ?? 0,
      qos: message.qos ?? 0,
      messageId: message.messageId ?? null,
      dup: message.dup ?? false,
    },
  };
}

function toPayload({ payload, payloadBase64 }: RecordedMessage): Uint8Array | undefined {
  if ((payload === undefined) === (payloadBase64 === undefined)) return undefined;
  if (payloadBase64 !== undefined) return decodeBase64(payloadBase64);
  return Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
}

function toTime(receivedAt: string | number | undefined): number | undefined {
  return typeof receivedAt === 'string' ? parseRfc3339(receivedAt) : receivedAt;
}

function badRecord(
  line: number,
  text: string,
  detail: string,
  reason: Parameters<typeof writeBadRow>[2]['reason'],
): HistoryRecord {
  const row = text.slice(0, 4_096);
  return { line, ...writeBadRow('messages', row, { reason, detail }), problem: detail };
}
