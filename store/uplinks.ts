import { sql } from 'kysely';
import { isAnyOf } from './any-of.ts';
import type { Store, Trx } from './database.ts';
import { insertRows } from './insert-rows.ts';
import type { RowInsert } from './insert-rows.ts';
import type { NewReading, NewUplink, UplinkRow } from './schema.ts';

const UPLINK_INSERT: RowInsert<Omit<NewUplink, 'id'>> = {
  table: 'uplinks',
  columns: {
    ...{ identity: true, device_id: true, kind: true, envelope: true, model: true },
    ...{ f_port: true, sensor_bytes: true, door: true, journal_seq: true, received_at: true },
    ...{ principal: true, message_id: true, dup: true, backfill: true, topic: true },
    ...{ payload: true, content_hash: true },
  },
  key: ['identity'],
  conflict: 'on conflict (identity) do nothing',
};

/**
 * Adds uplinks whose identity is new. Returns the ids of those, by identity; the others are copies of what is there.
 * The identities given must differ from each other.
 */
export async function insertUplinks(
  trx: Trx,
  store: Store,
  uplinks: readonly NewUplink[],
): Promise<Map<string, number>> {
  const inserted = await insertRows(trx, store, UPLINK_INSERT, uplinks);
  const ids = new Map<string, number>();
  for (const [index, { identity }] of uplinks.entries()) {
    const id = inserted[index];
    if (id !== undefined) ids.set(identity, id);
  }
  return ids;
}

const READING_INSERT: RowInsert<Omit<NewReading, 'id'>> = {
  table: 'readings',
  columns: {
    ...{ uplink_id: true, part: true, device_id: true, bin_id: true, mounting_id: true },
    ...{ observed_at: true, received_at: true, late: true, clock_reason: true },
    ...{ fill_percent: true, quality: true, quality_reason: true, distance_mm: true },
    ...{ reported_fill_percent: true, temperature_c: true, battery_percent: true },
    ...{ battery_v: true, tilted: true, alarms: true, extras: true, sensor_fault: true },
  },
  key: ['uplink_id', 'part'],
};

/** Adds readings of new uplinks. Returns them with their ids. */
export async function insertReadings<Reading extends NewReading>(
  trx: Trx,
  store: Store,
  readings: readonly Reading[],
): Promise<(Reading & { readonly id: number })[]> {
  const ids = await insertRows(trx, store, READING_INSERT, readings);
  return readings.map((reading, index) => {
    const id = ids[index];
    if (id === undefined) throw new Error('The database has not said the number of a reading');
    return { ...reading, id };
  });
}

/** How an uplink came: of several copies one stands, see {@link compareArrivals}. */
export type Arrival = Pick<UplinkRow, (typeof ARRIVAL_COLUMNS)[number]>;

const ARRIVAL_COLUMNS = [
  'identity',
  'received_at',
  'backfill',
  'door',
  'journal_seq',
  'principal',
  'message_id',
  'dup',
  'topic',
  'payload',
] as const;

export async function findArrivals(
  trx: Trx,
  identities: readonly string[],
): Promise<(Arrival & { readonly id: number })[]> {
  if (identities.length === 0) return [];
  return trx
    .selectFrom('uplinks')
    .select(['id', ...ARRIVAL_COLUMNS])
    .where(isAnyOf(trx, 'identity', identities))
    .execute();
}

/** The arrival's part of an uplink. */
export function pickArrival(uplink: NewUplink): Arrival {
  return {
    identity: uplink.identity,
    received_at: uplink.received_at,
    backfill: uplink.backfill,
    door: uplink.door,
    journal_seq: uplink.journal_seq,
    principal: uplink.principal ?? null,
    message_id: uplink.message_id ?? null,
    dup: uplink.dup,
    topic: uplink.topic,
    payload: Buffer.from(uplink.payload),
  };
}

/**
 * Which of two copies of an uplink stands (negative: the first), whatever order they are read in: one with the right to
 * backfill, else the earlier, else any fixed order.
 */
export function compareArrivals(a: Arrival, b: Arrival): number {
  return (
    b.backfill - a.backfill ||
    a.received_at - b.received_at ||
    a.dup - b.dup ||
    (a.message_id ?? -1) - (b.message_id ?? -1) ||
    compareText(a.topic, b.topic) ||
    compareText(a.principal ?? '', b.principal ?? '') ||
    Buffer.compare(a.payload, b.payload) ||
    compareText(a.door, b.door) ||
    a.journal_seq - b.journal_seq
  );
}

export function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** What tells one delivery of a message from another where the message itself says neither time nor number. */
export type Delivery = Pick<UplinkRow, 'identity' | 'received_at' | 'message_id' | 'dup'>;

/** Order of deliveries: by arrival, then any fixed order. Negative: `a` came first. */
export function compareDeliveries(a: Delivery, b: Delivery): number {
  return (
    a.received_at - b.received_at ||
    a.dup - b.dup ||
    (a.message_id ?? -1) - (b.message_id ?? -1) ||
    compareText(a.identity, b.identity)
  );
}

/** Begins the identity of an uplink that only its arrival tells from the next of the same content. */
export const BY_ARRIVAL = 'in:';

/** A delivery that is stored, and of what. */
export type StoredDelivery = Delivery & Pick<UplinkRow, 'id' | 'content_hash'>;

/** Written out, not bound: only so do both databases see that an index holds just these (migration 0003). */
const isByArrival = sql<boolean>`substr(identity, 1, 3) = ${sql.lit(BY_ARRIVAL)}`;

/**
 * What is stored of uplinks that only their arrival tells apart, by content: all that came at most `windowMs` before the
 * first or after the last of these deliveries, oldest first. One question for a whole batch, because small sensors send nothing else.
 */
export async function findDeliveries(
  trx: Trx,
  deliveries: readonly Pick<UplinkRow, 'content_hash' | 'received_at'>[],
  windowMs: number,
): Promise<Map<string, StoredDelivery[]>> {
  const byContent = new Map<string, StoredDelivery[]>();
  if (deliveries.length === 0) return byContent;
  const contents = new Set(deliveries.map(({ content_hash }) => content_hash));
  const times = deliveries.map(({ received_at }) => received_at);
  const rows = await trx
    .selectFrom('uplinks')
    .select(['id', 'content_hash', 'identity', 'received_at', 'message_id', 'dup'])
    .where(isAnyOf(trx, 'content_hash', [...contents]))
    .where('received_at', '>=', Math.min(...times) - windowMs)
    .where('received_at', '<=', Math.max(...times) + windowMs)
    .where(isByArrival)
    .execute();
  for (const row of rows.sort(compareDeliveries)) {
    const others = byContent.get(row.content_hash);
    if (others === undefined) byContent.set(row.content_hash, [row]);
    else others.push(row);
  }
  return byContent;
}
