import { sql } from 'kysely';
import type { NotNull } from 'kysely';
import { LOWEST_LEVEL_QUALITY, qualityCode, qualityFromCode } from '../../domain/quality.ts';
import type { Store } from '../database.ts';
import { clampMean } from './levels.ts';
import type { LevelSource, LevelSpan, SeriesBucket } from './levels.ts';

/** The levels of the readings that the SQL database has. */
export function createSqlLevels(store: Store): LevelSource {
  return {
    readRaw: (span, limit) => readRaw(store, span, limit),
    readBuckets: (span, resolutionSeconds, limit) =>
      readBuckets(store, span, { resolutionSeconds, limit }),
  };
}

function selectLevels(store: Store, { binId, fromMs, toMs }: LevelSpan) {
  return store.db
    .selectFrom('readings')
    .where('bin_id', '=', binId)
    .where('observed_at', '>=', fromMs)
    .where('observed_at', '<=', toMs)
    .where('fill_percent', 'is not', null)
    .where('quality', '>=', qualityCode(LOWEST_LEVEL_QUALITY));
}

async function readRaw(store: Store, span: LevelSpan, limit: number): Promise<SeriesBucket[]> {
  const rows = await selectLevels(store, span)
    .select(['id', 'observed_at', 'fill_percent', 'quality'])
    .$narrowType<{ fill_percent: NotNull }>()
    .orderBy('observed_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ id, observed_at, fill_percent, quality }) => ({
    atMs: observed_at,
    min: fill_percent,
    mean: fill_percent,
    max: fill_percent,
    count: 1,
    readingId: id,
    quality: qualityFromCode(quality),
  }));
}

async function readBuckets(
  store: Store,
  span: LevelSpan,
  { resolutionSeconds, limit }: { readonly resolutionSeconds: number; readonly limit: number },
): Promise<SeriesBucket[]> {
  // A literal: better-sqlite3 binds numbers as floating point, and PostgreSQL could not tell that the grouped
  // expression is the selected one.
  const bucketMs = sql.lit(resolutionSeconds * 1000);
  const start = sql<number>`observed_at - observed_at % ${bucketMs}`;
  const rows = await selectLevels(store, span)
    .select(({ fn }) => [
      start.as('at'),
      fn.min<number>('fill_percent').as('min'),
      fn.avg<number>('fill_percent').as('mean'),
      fn.max<number>('fill_percent').as('max'),
      fn.countAll<number>().as('count'),
    ])
    .groupBy(start)
    .orderBy('at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ at, min, mean, max, count }) => ({
    atMs: at,
    min,
    mean: clampMean(mean, min, max),
    max,
    count,
    readingId: null,
    quality: null,
  }));
}
