import type { Store } from '../database.ts';
import { toInfluxPoint } from './influx-point.ts';
import type { InfluxReading } from './influx-point.ts';
import type { InfluxTarget } from './influx-target.ts';
import { writeWhatIsTaken } from './write-what-is-taken.ts';

/** One request of about half a megabyte. */
const READINGS_PER_REQUEST = 5_000;

/** What became of the oldest readings of the outbox. */
export interface FeedReport {
  /** Rows struck off the outbox. */
  readonly readings: number;
  /** Readings that InfluxDB will never take; SQL alone has them. */
  readonly refused: number;
  /** What InfluxDB said about them. */
  readonly detail: string;
}

const NOTHING: FeedReport = { readings: 0, refused: 0, detail: '' };

/**
 * Sends the oldest readings of the outbox to InfluxDB and strikes them off when it has them, or will never have them.
 * Rejects when InfluxDB did not take them: they stay, and sending them again overwrites itself.
 */
export async function feedInflux(store: Store, target: InfluxTarget): Promise<FeedReport> {
  const waiting = await store.db
    .selectFrom('outbox')
    .select(['id', 'reading_id'])
    .orderBy('id')
    .limit(READINGS_PER_REQUEST)
    .execute();
  if (waiting.length === 0) return NOTHING;
  const readings = await readReadings(
    store,
    waiting.map((row) => row.reading_id),
  );
  const points = readings.map(toInfluxPoint);
  const refused = await writeWhatIsTaken(target, points);
  // By number, not up to the last: a row with a lower number may have been committed meanwhile.
  const ids = waiting.map(({ id }) => id);
  await store.db.deleteFrom('outbox').where('id', 'in', ids).execute();
  return {
    readings: waiting.length,
    refused: refused.length,
    detail: refused[0]?.error.message ?? '',
  };
}

/** Readings that belong to no bin have no place in a bin's history. */
async function readReadings(store: Store, ids: readonly number[]): Promise<InfluxReading[]> {
  const rows = await store.db
    .selectFrom('readings')
    .innerJoin('uplinks', 'uplinks.id', 'readings.uplink_id')
    .selectAll('readings')
    .select('uplinks.identity')
    .where('readings.id', 'in', ids)
    .execute();
  return rows.flatMap((row) => (row.bin_id === null ? [] : [{ ...row, bin_id: row.bin_id }]));
}
