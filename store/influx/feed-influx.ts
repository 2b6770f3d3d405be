import type { Store } from '../database.ts';
import { toInfluxPoint } from './influx-point.ts';
import type { InfluxReading } from './influx-point.ts';
import type { InfluxTarget } from './influx-target.ts';

/** One request of about half a megabyte. */
const READINGS_PER_REQUEST = 5_000;

/**
 * Sends the oldest readings of the outbox to InfluxDB and strikes them off when it has them. Returns how many there were.
 * Rejects when InfluxDB did not take them: they stay, and sending them again overwrites itself.
 */
export async function feedInflux(store: Store, target: InfluxTarget): Promise<number> {
  const waiting = await store.db
    .selectFrom('outbox')
    .select(['id', 'reading_id'])
    .orderBy('id')
    .limit(READINGS_PER_REQUEST)
    .execute();
  const last = waiting.at(-1);
  if (last === undefined) return 0;
  const readings = await readReadings(
    store,
    waiting.map((row) => row.reading_id),
  );
  if (readings.length > 0) await target.write(readings.map(toInfluxPoint));
  await store.db.deleteFrom('outbox').where('id', '<=', last.id).execute();
  return waiting.length;
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
