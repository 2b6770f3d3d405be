import { crc32 } from 'node:zlib';
import type { JournalEntry, JournalRecord } from './record.ts';

/** A row of `records`, in the order of its columns. */
export interface RecordRow {
  readonly seq: number;
  readonly received_at: number;
  readonly principal: string | null;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: number;
  readonly message_id: number | null;
  readonly dup: number;
  readonly backfill: number;
  readonly crc: number;
}

/** The columns of `records`, in the order of {@link pushRow}. */
export const RECORD_COLUMNS = [
  'seq',
  'received_at',
  'principal',
  'topic',
  'payload',
  'qos',
  'message_id',
  'dup',
  'backfill',
  'crc',
] as const satisfies readonly (keyof RecordRow)[];

/** Adds the values of the row that keeps an entry under a number, in the order of the columns. */
export function pushRow(values: unknown[], seq: number, entry: JournalEntry): void {
  const { receivedAtMs, principal, topic, payload, qos, messageId } = entry;
  const dup = entry.dup ? 1 : 0;
  const backfill = entry.backfill ? 1 : 0;
  const fields = fieldsAsJson(seq, receivedAtMs, principal, topic, qos, messageId, dup, backfill);
  const crc = crc32(payload, crc32(fields));
  values.push(seq, receivedAtMs, principal, topic, payload, qos, messageId, dup, backfill, crc);
}

/** The record a row keeps, or `undefined` when the row is not what was written. */
export function toRecord(row: RecordRow): JournalRecord | undefined {
  if (!(row.payload instanceof Uint8Array) || checksum(row) !== row.crc) return undefined;
  return {
    seq: row.seq,
    receivedAtMs: row.received_at,
    principal: row.principal,
    topic: row.topic,
    payload: row.payload,
    // Safe: the checksum says that this is what an entry held.
    qos: row.qos as JournalEntry['qos'],
    messageId: row.message_id,
    dup: row.dup === 1,
    backfill: row.backfill === 1,
  };
}

function checksum(row: Omit<RecordRow, 'crc'>): number {
  const { seq, received_at, principal, topic, qos, message_id, dup, backfill } = row;
  return crc32(
    row.payload,
    crc32(fieldsAsJson(seq, received_at, principal, topic, qos, message_id, dup, backfill)),
  );
}

/** Characters that JSON writes as they are. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** What `JSON.stringify` makes of the fields as an array, which is what is checksummed; for usual texts in a third of the time. */
export function fieldsAsJson(
  seq: number,
  receivedAt: number,
  principal: string | null,
  topic: string,
  qos: number,
  messageId: number | null,
  dup: number,
  backfill: number,
): string {
  const who = principal === null ? 'null' : textAsJson(principal);
  return `[${seq},${receivedAt},${who},${textAsJson(topic)},${qos},${messageId},${dup},${backfill}]`;
}

function textAsJson(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}
