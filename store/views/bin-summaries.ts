import type { BinReason, BinState } from '../../domain/bin-state.ts';
import { judgeState, staleAfterSeconds } from '../../domain/bin-state.ts';
import { qualityFromCode } from '../../domain/quality.ts';
import type { Quality } from '../../domain/quality.ts';
import { toBin } from '../bins.ts';
import type { Bin } from '../bins.ts';
import type { Db, Store } from '../database.ts';

/** A bin with its current level and the state that follows from it. What is not known is `null`. */
export interface BinView extends Bin {
  readonly fillPercent: number | null;
  readonly observedAtMs: number | null;
  readonly ageSeconds: number | null;
  readonly staleAfterSeconds: number;
  readonly state: BinState;
  readonly reasons: readonly BinReason[];
  readonly quality: Quality | null;
  readonly readingId: number | null;
  readonly temperatureC: number | null;
  /** The newest battery value of the device the level comes from, whichever message told it. */
  readonly batteryPercent: number | null;
  /** The device the level comes from. */
  readonly deviceId: string | null;
}

/** SQLite takes 32,766 parameters, PostgreSQL 65,535. */
const IDS_PER_QUERY = 10_000;

/** All bins as they stand at `nowMs`, by id. */
export async function listBinViews(store: Store, nowMs: number): Promise<BinView[]> {
  const rows = await selectBinLevels(store.db).execute();
  return rows.map((row) => toBinView(row, nowMs));
}

/** These bins as they stand at `nowMs`, by id; ids that no bin has are left out. */
export async function listBinViewsById(
  store: Store,
  ids: readonly string[],
  nowMs: number,
): Promise<BinView[]> {
  const views: BinView[] = [];
  for (let start = 0; start < ids.length; start += IDS_PER_QUERY) {
    const some = ids.slice(start, start + IDS_PER_QUERY);
    const rows = await selectBinLevels(store.db).where('bins.id', 'in', some).execute();
    views.push(...rows.map((row) => toBinView(row, nowMs)));
  }
  return views;
}

function selectBinLevels(db: Db) {
  return db
    .selectFrom('bins')
    .leftJoin('bin_states as level', 'level.bin_id', 'bins.id')
    .leftJoin('devices', 'devices.id', 'level.device_id')
    .leftJoin('device_states', 'device_states.device_id', 'level.device_id')
    .selectAll('bins')
    .select([
      'level.reading_id',
      'level.device_id',
      'level.observed_at',
      'level.fill_percent',
      'level.quality',
      'level.temperature_c',
      'level.reasons',
    ])
    .select((eb) => [
      eb.fn
        .coalesce('device_states.battery_percent', 'level.battery_percent')
        .as('battery_percent'),
      // A bin without a level is measured, if at all, by what is mounted in it.
      eb
        .case()
        .when('level.bin_id', 'is not', null)
        .then(eb.ref('devices.report_interval_seconds'))
        .else(
          eb
            .selectFrom('mountings')
            .innerJoin('devices as mounted', 'mounted.id', 'mountings.device_id')
            .select(({ fn }) => fn.min('mounted.report_interval_seconds').as('seconds'))
            .whereRef('mountings.bin_id', '=', 'bins.id')
            .where('mountings.to_at', 'is', null),
        )
        .end()
        .as('report_interval_seconds'),
    ])
    .orderBy('bins.id');
}

type BinLevelRow = Awaited<ReturnType<ReturnType<typeof selectBinLevels>['execute']>>[number];

function toBinView(row: BinLevelRow, nowMs: number): BinView {
  const staleAfter = staleAfterSeconds(row.report_interval_seconds);
  const verdict = judgeState(
    {
      fillPercent: row.fill_percent,
      observedAtMs: row.observed_at,
      thresholdPercent: row.threshold_percent,
      staleAfterSeconds: staleAfter,
      // Safe: only advanceBinStates writes the column, from a list of reasons.
      readingReasons: row.reasons === null ? [] : (JSON.parse(row.reasons) as BinReason[]),
    },
    nowMs,
  );
  return {
    ...toBin(row),
    fillPercent: row.fill_percent,
    observedAtMs: row.observed_at,
    ageSeconds: verdict.ageSeconds,
    staleAfterSeconds: staleAfter,
    state: verdict.state,
    reasons: verdict.reasons,
    quality: row.quality === null ? null : qualityFromCode(row.quality),
    readingId: row.reading_id,
    temperatureC: row.temperature_c,
    batteryPercent: row.battery_percent,
    deviceId: row.device_id,
  };
}
