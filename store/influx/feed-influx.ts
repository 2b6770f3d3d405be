import { sql } from 'kysely';
import { isAnyOf } from '../any-of.ts';
import type { Store, Trx } from '../database.ts';
import { lockForWriting } from '../write-lock.ts';
import { toGonePoint, toInfluxPoint } from './influx-point.ts';
import type { InfluxPoint, InfluxReading } from './influx-point.ts';
import type { InfluxTarget } from './influx-target.ts';
import { writeWhatIsTaken } from './write-what-is-taken.ts';
import type { RefusedPoint } from './write-what-is-taken.ts';

/** One request of about half a megabyte. */
export const READINGS_PER_REQUEST = 5_000;

/** What became of the oldest readings of the outbox. */
export interface FeedReport {
  /** Rows struck off the outbox. */
  readonly readings: number;
  /** Readings set aside in `influx_rejects`, because InfluxDB will not have them. */
  readonly refused: number;
  /** Readings older than InfluxDB keeps any. SQL has them; nothing is wrong with them. */
  readonly expired: number;
  /** What InfluxDB said about the first of either. */
  readonly detail: string;
}

const NOTHING: FeedReport = { readings: 0, refused: 0, expired: 0, detail: '' };

/** Readings on their way from the outbox to InfluxDB. */
export interface Batch {
  readonly waiting: readonly Waiting[];
  /** Which reading each point is of. */
  readonly points: ReadonlyMap<InfluxPoint, number>;
  /** Of the outbox. */
  readonly lastId: number;
  /** There may be more. */
  readonly isFull: boolean;
}

/** @returns the oldest readings of the outbox after the row `afterId`; `undefined` when there are none */
export async function readBatch(
  store: Store,
  limit: number,
  afterId = 0,
): Promise<Batch | undefined> {
  const rows = await store.db
    .selectFrom('outbox')
    .leftJoin('readings', 'readings.id', 'outbox.reading_id')
    .leftJoin('uplinks', 'uplinks.id', 'readings.uplink_id')
    .select(['outbox.id', 'outbox.reading_id', 'outbox.former_bin_id'])
    .select(READING_COLUMNS)
    .where('outbox.id', '>', afterId)
    .orderBy('outbox.id')
    .limit(limit)
    .execute();
  const last = rows.at(-1);
  if (last === undefined) return undefined;
  const points = new Map<InfluxPoint, number>();
  for (const row of rows) {
    const point = pointOf(row.former_bin_id, row);
    if (point !== undefined) points.set(point, row.reading_id);
  }
  return { waiting: rows, points, lastId: last.id, isFull: rows.length === limit };
}

/**
 * Sends a batch to InfluxDB and strikes it off the outbox when it has been taken, or set aside.
 * Rejects with an `InfluxWriteError` when InfluxDB did not take it: it stays, and sending it again overwrites itself.
 */
export async function writeBatch(
  store: Store,
  target: InfluxTarget,
  { waiting, points }: Batch,
): Promise<FeedReport> {
  const refused = await writeWhatIsTaken(target, [...points.keys()], () =>
    findWitness(store, waiting),
  );
  const bad = refused.filter(({ error }) => !error.isExpired);
  await strikeOff(
    store,
    target,
    waiting,
    bad.map((one) => ({ ...one, readingId: points.get(one.point) ?? 0 })),
  );
  return {
    readings: waiting.length,
    refused: bad.length,
    expired: refused.length - bad.length,
    detail: refused[0]?.error.message ?? '',
  };
}

/** Reads one batch and writes it. */
export async function feedInflux(
  store: Store,
  target: InfluxTarget,
  limit = READINGS_PER_REQUEST,
): Promise<FeedReport> {
  const batch = await readBatch(store, limit);
  return batch === undefined ? NOTHING : writeBatch(store, target, batch);
}

const READING_COLUMNS = [
  'readings.part',
  'readings.device_id',
  'readings.bin_id',
  'readings.observed_at',
  'readings.fill_percent',
  'readings.quality',
  'readings.distance_mm',
  'readings.temperature_c',
  'readings.battery_percent',
  'readings.battery_v',
  'uplinks.identity',
] as const;

/** All `null`: there is no such reading any more. */
type OutboxReading = { readonly [Name in keyof InfluxReading]: InfluxReading[Name] | null };

/** Readings that belong to no bin have no place in a bin's history. */
function pointOf(formerBinId: string | null, row: OutboxReading): InfluxPoint | undefined {
  const { bin_id, identity, part, device_id, observed_at, quality } = row;
  if (identity === null || part === null || device_id === null) return undefined;
  if (observed_at === null || quality === null) return undefined;
  const reading = { ...row, identity, part, device_id, observed_at, quality };
  if (formerBinId === null)
    return bin_id === null ? undefined : toInfluxPoint({ ...reading, bin_id });
  // It may have come back since.
  return formerBinId === bin_id ? undefined : toGonePoint({ ...reading, bin_id: formerBinId });
}

interface Waiting {
  readonly id: number;
  readonly reading_id: number;
}

/** A reading other than these: if InfluxDB takes that one, it is these that are wrong and not a setting. */
async function findWitness(
  store: Store,
  waiting: readonly Waiting[],
): Promise<InfluxPoint | undefined> {
  const ids = waiting.map((row) => row.reading_id).sort((a, b) => a - b);
  const row = await store.db
    .selectFrom('readings')
    .innerJoin('uplinks', 'uplinks.id', 'readings.uplink_id')
    .select(READING_COLUMNS)
    .where('readings.bin_id', 'is not', null)
    .where((eb) =>
      eb.or([eb('readings.id', '<', ids.at(0) ?? 0), eb('readings.id', '>', ids.at(-1) ?? 0)]),
    )
    .where('readings.id', 'not in', (eb) => eb.selectFrom('influx_rejects').select('reading_id'))
    .orderBy('readings.id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && pointOf(null, row);
}

type SetAside = RefusedPoint & { readonly readingId: number };

async function strikeOff(
  store: Store,
  target: Pick<InfluxTarget, 'name'>,
  waiting: readonly Waiting[],
  refused: readonly SetAside[],
): Promise<void> {
  await store.db.transaction().execute(async (trx) => {
    await lockForWriting(trx, store.kind);
    // By number, not up to the last: a row with a lower number may have been committed meanwhile.
    const ids = waiting.map(({ id }) => id);
    await trx
      .deleteFrom('outbox')
      .where(isAnyOf(trx, 'id', ids))
      .execute();
    await noteRejects(trx, waiting, refused);
    await noteThrough(trx, target, Math.max(...waiting.map((row) => row.reading_id)));
  });
}

async function noteRejects(
  trx: Trx,
  waiting: readonly Waiting[],
  refused: readonly SetAside[],
): Promise<void> {
  const earlier = await trx.selectFrom('influx_rejects').select('reading_id').limit(1).execute();
  if (earlier.length > 0) {
    const ids = waiting.map((row) => row.reading_id);
    await trx
      .deleteFrom('influx_rejects')
      .where(isAnyOf(trx, 'reading_id', ids))
      .execute();
  }
  for (const { readingId, error } of refused) {
    await trx
      .insertInto('influx_rejects')
      .values({
        reading_id: readingId,
        status: error.status ?? null,
        detail: error.message,
        rejected_at: Date.now(),
      })
      .onConflict((conflict) => conflict.column('reading_id').doNothing())
      .execute();
  }
}

/** Once all that was there before is in the outbox, what comes by itself needs no second look at the next start. */
async function noteThrough(
  trx: Trx,
  { name }: Pick<InfluxTarget, 'name'>,
  readingId: number,
): Promise<void> {
  await trx
    .updateTable('influx_feeds')
    .set({ through_id: readingId, next_id: readingId + 1 })
    .where('target', '=', name)
    .where('through_id', '<', readingId)
    .where(sql<boolean>`next_id > through_id`)
    .execute();
}
