import { sql } from 'kysely';
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

/**
 * Sends the oldest readings of the outbox to InfluxDB and strikes them off when it has them, or when they are set aside.
 * Rejects with an `InfluxWriteError` when InfluxDB did not take them: they stay, and sending them again overwrites itself.
 * @param limit how many at most
 */
export async function feedInflux(
  store: Store,
  target: InfluxTarget,
  limit = READINGS_PER_REQUEST,
): Promise<FeedReport> {
  const waiting = await store.db
    .selectFrom('outbox')
    .selectAll()
    .orderBy('id')
    .limit(limit)
    .execute();
  if (waiting.length === 0) return NOTHING;
  const readings = await readReadings(
    store,
    waiting.map((row) => row.reading_id),
  );
  const points = new Map(
    waiting.flatMap((row) => {
      const point = pointOf(row.former_bin_id, readings.get(row.reading_id));
      return point === undefined ? [] : [[point, row.reading_id] as const];
    }),
  );
  const refused = await writeWhatIsTaken(target, [...points.keys()], () =>
    findWitness(store, waiting),
  );
  await strikeOff(
    store,
    target,
    waiting,
    refused.filter(isBad).map((one) => ({ ...one, readingId: points.get(one.point) ?? 0 })),
  );
  return {
    readings: waiting.length,
    refused: refused.filter(isBad).length,
    expired: refused.filter((one) => !isBad(one)).length,
    detail: refused[0]?.error.message ?? '',
  };
}

function isBad({ error }: RefusedPoint): boolean {
  return !error.isExpired;
}

type OutboxReading = Omit<InfluxReading, 'bin_id'> & { readonly bin_id: string | null };

/** Readings that belong to no bin have no place in a bin's history. */
function pointOf(
  formerBinId: string | null,
  reading: OutboxReading | undefined,
): InfluxPoint | undefined {
  if (reading === undefined) return undefined;
  const { bin_id } = reading;
  if (formerBinId === null)
    return bin_id === null ? undefined : toInfluxPoint({ ...reading, bin_id });
  // It may have come back since.
  return formerBinId === bin_id ? undefined : toGonePoint({ ...reading, bin_id: formerBinId });
}

async function readReadings(
  { db }: Pick<Store, 'db'>,
  ids: readonly number[],
): Promise<Map<number, OutboxReading>> {
  const rows = await db
    .selectFrom('readings')
    .innerJoin('uplinks', 'uplinks.id', 'readings.uplink_id')
    .select(['readings.id', 'readings.part', 'readings.device_id', 'readings.bin_id'])
    .select(['readings.observed_at', 'readings.fill_percent', 'readings.quality'])
    .select(['readings.distance_mm', 'readings.temperature_c'])
    .select(['readings.battery_percent', 'readings.battery_v', 'uplinks.identity'])
    .where('readings.id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
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
  const rows = await store.db
    .selectFrom('readings')
    .select('id')
    .where('bin_id', 'is not', null)
    .where((eb) => eb.or([eb('id', '<', ids.at(0) ?? 0), eb('id', '>', ids.at(-1) ?? 0)]))
    .where('id', 'not in', (eb) => eb.selectFrom('influx_rejects').select('reading_id'))
    .orderBy('id', 'desc')
    .limit(1)
    .execute();
  const readings = await readReadings(
    store,
    rows.map(({ id }) => id),
  );
  const [reading] = readings.values();
  return pointOf(null, reading);
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
    await trx.deleteFrom('outbox').where('id', 'in', ids).execute();
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
    await trx.deleteFrom('influx_rejects').where('reading_id', 'in', ids).execute();
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
