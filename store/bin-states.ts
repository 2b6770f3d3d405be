import { findReadingReasons } from '../domain/judge-fill.ts';
import type { Alarm } from '../domain/measurement.ts';
import { LOWEST_LEVEL_QUALITY, qualityCode } from '../domain/quality.ts';
import { isAnyOf } from './any-of.ts';
import type { Store, Trx } from './database.ts';
import { insertRows } from './insert-rows.ts';
import type { RowInsert } from './insert-rows.ts';
import type { BinStateRow, ReadingRow } from './schema.ts';

/** A reading with the identity of its uplink. */
export type IdentifiedReading = ReadingRow & { readonly identity: string };

/** Whether a reading may stand as its bin's level. */
function canBeLevel(reading: Pick<ReadingRow, 'bin_id' | 'fill_percent' | 'quality'>): boolean {
  return (
    reading.bin_id !== null &&
    reading.fill_percent !== null &&
    reading.quality >= qualityCode(LOWEST_LEVEL_QUALITY)
  );
}

type Rank = Pick<BinStateRow, 'observed_at' | 'identity' | 'part'>;

/** Order of levels of one bin: by time, then by identity, so that arrival never decides. Negative when `a` is older. */
function compareLevels(a: Rank, b: Rank): number {
  if (a.observed_at !== b.observed_at) return a.observed_at - b.observed_at;
  if (a.identity !== b.identity) return a.identity < b.identity ? -1 : 1;
  return a.part - b.part;
}

/**
 * Makes the newest of these readings their bins' levels, where they are newer than what stands.
 * Returns the bins whose level changed.
 */
export async function advanceBinStates(
  trx: Trx,
  store: Store,
  readings: readonly IdentifiedReading[],
): Promise<string[]> {
  const newest = new Map<string, IdentifiedReading>();
  for (const reading of readings) {
    if (reading.bin_id === null || !canBeLevel(reading)) continue;
    const best = newest.get(reading.bin_id);
    if (best === undefined || compareLevels(best, reading) < 0) newest.set(reading.bin_id, reading);
  }
  if (newest.size === 0) return [];
  const standing = await trx
    .selectFrom('bin_states')
    .select(['bin_id', 'observed_at', 'identity', 'part'])
    .where(isAnyOf(trx, 'bin_id', [...newest.keys()]))
    .execute();
  for (const row of standing) {
    const best = newest.get(row.bin_id);
    if (best !== undefined && compareLevels(best, row) <= 0) newest.delete(row.bin_id);
  }
  await putStates(
    trx,
    store,
    [...newest.values()].flatMap((reading) => toState(reading) ?? []),
  );
  return [...newest.keys()];
}

/** Finds the levels of these bins anew among all their readings: for when readings changed or went away. */
export async function refreshBinStates(
  trx: Trx,
  store: Store,
  binIds: readonly string[],
): Promise<void> {
  for (const binId of binIds) {
    const newest = await findNewestLevel(trx, binId);
    const state = newest === undefined ? undefined : toState(newest);
    if (state === undefined)
      await trx.deleteFrom('bin_states').where('bin_id', '=', binId).execute();
    else await putStates(trx, store, [state]);
  }
}

/** Among levels of one instant {@link compareLevels} decides, not SQL: every database sorts text in its own way. */
async function findNewestLevel(trx: Trx, binId: string): Promise<IdentifiedReading | undefined> {
  const newest = await selectLevels(trx, binId)
    .select('readings.observed_at')
    .orderBy('readings.observed_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (newest === undefined) return undefined;
  const levels = await selectLevels(trx, binId)
    .innerJoin('uplinks', 'uplinks.id', 'readings.uplink_id')
    .selectAll('readings')
    .select('uplinks.identity')
    .where('readings.observed_at', '=', newest.observed_at)
    .execute();
  return levels.reduce((best, level) => (compareLevels(best, level) < 0 ? level : best));
}

function selectLevels(trx: Trx, binId: string) {
  return trx
    .selectFrom('readings')
    .where('readings.bin_id', '=', binId)
    .where('readings.fill_percent', 'is not', null)
    .where('readings.quality', '>=', qualityCode(LOWEST_LEVEL_QUALITY));
}

const STATE_INSERT: RowInsert<BinStateRow> = {
  table: 'bin_states',
  columns: {
    ...{ bin_id: true, reading_id: true, device_id: true, observed_at: true, identity: true },
    ...{ part: true, fill_percent: true, quality: true, temperature_c: true },
    ...{ battery_percent: true, reasons: true },
  },
  conflict: `on conflict (bin_id) do update set reading_id = excluded.reading_id,
    device_id = excluded.device_id, observed_at = excluded.observed_at,
    identity = excluded.identity, part = excluded.part, fill_percent = excluded.fill_percent,
    quality = excluded.quality, temperature_c = excluded.temperature_c,
    battery_percent = excluded.battery_percent, reasons = excluded.reasons`,
};

async function putStates(trx: Trx, store: Store, states: readonly BinStateRow[]): Promise<void> {
  await insertRows(trx, store, STATE_INSERT, states);
}

function toState(reading: IdentifiedReading): BinStateRow | undefined {
  const { bin_id, fill_percent } = reading;
  if (bin_id === null || fill_percent === null || !canBeLevel(reading)) return undefined;
  const reasons = findReadingReasons({
    tilted: reading.tilted === null ? null : reading.tilted === 1,
    // Safe: ingest writes the column, from a list of alarms.
    alarms: JSON.parse(reading.alarms) as Alarm[],
    batteryPercent: reading.battery_percent,
    qualityReason: reading.quality_reason,
    badClock: reading.clock_reason !== null,
  });
  return {
    bin_id,
    reading_id: reading.id,
    device_id: reading.device_id,
    observed_at: reading.observed_at,
    identity: reading.identity,
    part: reading.part,
    fill_percent,
    quality: reading.quality,
    temperature_c: reading.temperature_c,
    battery_percent: reading.battery_percent,
    reasons: JSON.stringify(reasons),
  };
}
