import { sql } from 'kysely';
import { refreshBinStates } from './bin-states.ts';
import type { Store, Trx } from './database.ts';
import { findMountingAt, judgeReading } from './judge-reading.ts';
import type { JudgedReading, RawReading } from './judge-reading.ts';
import { listMountings } from './mountings.ts';
import { queueForInflux, queueLeftBins } from './outbox.ts';
import type { LeftBin } from './outbox.ts';
import type { ReadingRow } from './schema.ts';

/** Readings of a device from one time (inclusive) to another (exclusive; `null`: no end). */
export interface ReadingSpan {
  readonly deviceId: string;
  readonly fromMs: number;
  readonly toMs: number | null;
}

/** Where a step goes on: with the readings before this one, in order of time and number. */
export interface RecomputeCursor {
  readonly atMs: number;
  readonly id: number;
}

export interface RecomputeStep {
  /** How many were looked at. */
  readonly readings: number;
  /** Bins that a changed reading was or is in; their states are right when the step ends. */
  readonly binIds: readonly string[];
  /** `undefined`: the span is done. */
  readonly next: RecomputeCursor | undefined;
}

/**
 * As many as keep others from writing for some tens of milliseconds; see
 * docs/decisions/0011-corrections-in-steps.md.
 */
export const ROWS_PER_STEP = 1_000;

type Candidate = Pick<ReadingRow, 'id' | 'observed_at'> & RawReading & JudgedReading;
type Changed = JudgedReading & Pick<ReadingRow, 'id'>;

/**
 * Computes the newest `limit` readings of a span before a cursor anew, from raw values and the device's mountings as they are
 * now, and writes those that change. The newest come first, so that the levels on the map are right after the first step.
 */
export async function recomputeStep(
  trx: Trx,
  store: Store,
  span: ReadingSpan,
  { before, limit }: { readonly before: RecomputeCursor | undefined; readonly limit: number },
): Promise<RecomputeStep> {
  const mountings = await listMountings(trx, [span.deviceId]);
  const rows = await selectBefore(trx, span, before, limit);
  const changed: Changed[] = [];
  const left: LeftBin[] = [];
  const binIds = new Set<string>();
  for (const row of rows) {
    const judged = judgeReading(row, findMountingAt(mountings, row.observed_at));
    if (!differs(row, judged)) continue;
    changed.push({ id: row.id, ...judged });
    if (row.bin_id !== null && row.bin_id !== judged.bin_id) {
      left.push({ readingId: row.id, formerBinId: row.bin_id });
    }
    for (const binId of [row.bin_id, judged.bin_id]) if (binId !== null) binIds.add(binId);
  }
  await updateReadings(trx, changed);
  // Before the readings themselves: one that comes back to a bin later is written after it was marked as gone.
  await queueLeftBins(trx, store, left);
  await queueForInflux(
    trx,
    store,
    changed.map(({ id }) => id),
  );
  await refreshBinStates(trx, store, [...binIds]);
  const last = rows.length < limit ? undefined : rows.at(-1);
  return {
    readings: rows.length,
    binIds: [...binIds],
    next: last && { atMs: last.observed_at, id: last.id },
  };
}

function selectBefore(
  trx: Trx,
  { deviceId, fromMs, toMs }: ReadingSpan,
  before: RecomputeCursor | undefined,
  limit: number,
): Promise<Candidate[]> {
  return trx
    .selectFrom('readings')
    .select(['id', 'observed_at', 'distance_mm', 'reported_fill_percent', 'temperature_c'])
    .select(['sensor_fault', 'clock_reason'])
    .select(['bin_id', 'mounting_id', 'fill_percent', 'quality', 'quality_reason'])
    .where('device_id', '=', deviceId)
    .where('observed_at', '>=', fromMs)
    .$if(toMs !== null, (query) => query.where('observed_at', '<', toMs))
    .$if(before !== undefined, (query) =>
      query
        // Says nothing new, but an index can use it.
        .where('observed_at', '<=', before?.atMs ?? 0)
        .where((eb) =>
          eb.or([eb('observed_at', '<', before?.atMs ?? 0), eb('id', '<', before?.id ?? 0)]),
        ),
    )
    .orderBy('observed_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

function differs(row: Candidate, judged: JudgedReading): boolean {
  return (
    row.bin_id !== judged.bin_id ||
    row.mounting_id !== judged.mounting_id ||
    row.fill_percent !== judged.fill_percent ||
    row.quality !== judged.quality ||
    row.quality_reason !== judged.quality_reason
  );
}

/** Six values a row stay far below the 32,766 parameters that SQLite takes. */
const ROWS_PER_UPDATE = 500;

/** One statement for many rows: with one for each, PostgreSQL would spend its time on the way there and back. */
async function updateReadings(trx: Trx, changed: readonly Changed[]): Promise<void> {
  for (let start = 0; start < changed.length; start += ROWS_PER_UPDATE) {
    const rows = changed.slice(start, start + ROWS_PER_UPDATE).map(
      (row) =>
        // Both databases name the columns of `values` like this; without a type PostgreSQL takes parameters for text.
        sql`(cast(${row.id} as bigint), cast(${row.bin_id} as text), cast(${row.mounting_id} as bigint),
          cast(${row.fill_percent} as double precision), cast(${row.quality} as integer), cast(${row.quality_reason} as text))`,
    );
    await sql`update readings set bin_id = judged.column2, mounting_id = judged.column3,
      fill_percent = judged.column4, quality = judged.column5, quality_reason = judged.column6
      from (values ${sql.join(rows)}) as judged where readings.id = judged.column1`.execute(trx);
  }
}
