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

/** The row that keeps an entry under a number. */
export function toRow(seq: number, entry: JournalEntry): RecordRow {
  const row = {
    seq,
    received_at: entry.receivedAtMs,
    principal: entry.principal,
    topic: entry.topic,
    payload: entry.payload,
    qos: entry.qos,
    message_id: entry.messageId,
    dup: entry.dup ? 1 : 0,
    backfill: entry.backfill ? 1 : 0,
  };
  return { ...row, crc: checksum(row) };
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
  const fields = [seq, received_at, principal, topic, qos, message_id, dup, backfill];
  return crc32(row.payload, crc32(JSON.stringify(fields)));
}
