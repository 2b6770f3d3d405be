import { createHash } from 'node:crypto';
import { isAnyOf } from './any-of.ts';
import type { Db, Trx } from './database.ts';
import type { NewQuarantine, QuarantineRow } from './schema.ts';
import { storableText } from './storable-text.ts';
import type { TallyEntry } from './tally.ts';
import { compareText } from './uplinks.ts';

/** A message to set aside, with why. */
export interface Quarantined {
  readonly reason: string;
  readonly detail: string;
  readonly deviceId: string | null;
  /** Only its arrival tells the message from the next one of the same content. */
  readonly byArrival?: boolean;
  readonly message: RawArrival;
}

/** A message as a door took it in, and where it stands in that door's journal. */
export interface RawArrival {
  readonly door: string;
  readonly journalSeq: number;
  readonly receivedAtMs: number;
  readonly principal: string | null;
  readonly backfill: boolean;
  readonly qos: number;
  readonly messageId: number | null;
  readonly dup: boolean;
  readonly topic: string;
  readonly payload: Uint8Array;
}

/**
 * Sets messages aside. Copies of one message share a row that counts them. The reason is that of the newest judgement;
 * returned is what that moves from one reason to another in the tally.
 */
export async function saveQuarantined(
  trx: Trx,
  messages: readonly Quarantined[],
): Promise<TallyEntry[]> {
  const fresh = new Map<string, NewQuarantineRow>();
  for (const message of messages) {
    const row = toRow(message);
    const other = fresh.get(row.digest);
    fresh.set(row.digest, other === undefined ? row : mergeCopies(other, row));
  }
  const moved: TallyEntry[] = [];
  for (const before of await findOpen(trx, [...fresh.keys()])) {
    const row = fresh.get(before.digest);
    if (row === undefined) continue;
    fresh.set(row.digest, mergeCopies(before, row));
    if (before.reason === row.reason) continue;
    moved.push(
      { outcome: 'quarantined', reason: before.reason, count: -before.times },
      { outcome: 'quarantined', reason: row.reason, count: before.times },
    );
  }
  for (const row of fresh.values()) {
    await trx
      .insertInto('quarantine')
      .values(row)
      .onConflict((conflict) => conflict.column('digest').doUpdateSet(row))
      .execute();
  }
  return moved;
}

type NewQuarantineRow = Omit<QuarantineRow, 'id' | 'payload'> & Pick<NewQuarantine, 'payload'>;

/** Rows that were replayed are history: a copy that comes later begins to count anew. */
async function findOpen(trx: Trx, digests: readonly string[]): Promise<QuarantineRow[]> {
  if (digests.length === 0) return [];
  return trx
    .selectFrom('quarantine')
    .selectAll()
    .where(isAnyOf(trx, 'digest', digests))
    .where('resolved_at', 'is', null)
    .execute();
}

/** Two copies of one message in one row: the judgement of the newer, the arrival of the earlier. */
function mergeCopies(before: NewQuarantineRow, after: NewQuarantineRow): NewQuarantineRow {
  const { door, journal_seq, principal, qos, message_id, dup, first_received_at } =
    compareCopies(before, after) <= 0 ? before : after;
  return {
    ...after,
    ...{ door, journal_seq, principal, qos, message_id, dup, first_received_at },
    last_received_at: Math.max(before.last_received_at, after.last_received_at),
    times: before.times + after.times,
  };
}

/** The order that decides between two copies of an uplink, too. Negative: the first stands. */
function compareCopies(a: NewQuarantineRow, b: NewQuarantineRow): number {
  return (
    a.first_received_at - b.first_received_at ||
    a.dup - b.dup ||
    (a.message_id ?? -1) - (b.message_id ?? -1) ||
    compareText(a.principal ?? '', b.principal ?? '') ||
    compareText(a.door, b.door) ||
    a.journal_seq - b.journal_seq
  );
}

export interface QuarantineFilter {
  readonly reason?: string | undefined;
  readonly deviceId?: string | undefined;
  /** Only of these devices. */
  readonly deviceIds?: readonly string[] | undefined;
  /** Also those that were replayed into readings. */
  readonly includeResolved?: boolean;
  readonly limit?: number;
}

/** Messages set aside, newest first. */
export async function listQuarantine(
  db: Db | Trx,
  filter: QuarantineFilter,
): Promise<QuarantineRow[]> {
  let query = db
    .selectFrom('quarantine')
    .selectAll()
    .orderBy('last_received_at', 'desc')
    .orderBy('id', 'desc');
  if (filter.reason !== undefined) query = query.where('reason', '=', filter.reason);
  if (filter.deviceId !== undefined) query = query.where('device_id', '=', filter.deviceId);
  if (filter.deviceIds?.length === 0) return [];
  if (filter.deviceIds !== undefined) query = query.where('device_id', 'in', filter.deviceIds);
  if (filter.includeResolved !== true) query = query.where('resolved_at', 'is', null);
  return query.limit(filter.limit ?? 100).execute();
}

export async function findQuarantined(
  db: Db | Trx,
  id: number,
): Promise<QuarantineRow | undefined> {
  return db.selectFrom('quarantine').selectAll().where('id', '=', id).executeTakeFirst();
}

function toRow(message: Quarantined): NewQuarantineRow {
  const { reason, detail, deviceId, message: arrival } = message;
  return {
    digest: digestOf(message),
    reason,
    detail: storableText(detail),
    device_id: deviceId,
    door: arrival.door,
    journal_seq: arrival.journalSeq,
    first_received_at: arrival.receivedAtMs,
    last_received_at: arrival.receivedAtMs,
    times: 1,
    principal: arrival.principal,
    backfill: arrival.backfill ? 1 : 0,
    qos: arrival.qos,
    message_id: arrival.messageId,
    dup: arrival.dup ? 1 : 0,
    topic: storableText(arrival.topic),
    payload: arrival.payload,
    resolved_at: null,
  };
}

/** Topic and payload; the right to backfill, since another time may follow from it; and the place where nothing else tells. */
function digestOf({ byArrival, message }: Quarantined): string {
  const { door, journalSeq, receivedAtMs, topic, payload, backfill } = message;
  const hash = createHash('sha256').update(topic).update('\0').update(payload);
  if (backfill) hash.update('\0backfill');
  if (byArrival === true) hash.update(`\0${receivedAtMs}:${door}:${journalSeq}`);
  return hash.digest('hex');
}
