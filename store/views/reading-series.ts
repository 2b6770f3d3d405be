import { sql } from 'kysely';
import type { NotNull } from 'kysely';
import { LOWEST_LEVEL_QUALITY, qualityCode, qualityFromCode } from '../../domain/quality.ts';
import type { Quality } from '../../domain/quality.ts';
import type { Store } from '../database.ts';

export interface SeriesQuestion {
  readonly binId: string;
  /** Both ends belong to the span. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Length of a bucket; 0: every reading by itself; left out: what suits the span. */
  readonly resolutionSeconds?: number | undefined;
}

/** Fill percent within one bucket of time. */
export interface SeriesBucket {
  /** Start of the bucket; for a raw reading, when it was observed. */
  readonly atMs: number;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  readonly count: number;
  /** Set for raw readings. */
  readonly readingId: number | null;
  readonly quality: Quality | null;
}

export interface Series {
  readonly resolutionSeconds: number;
  /** Only the newest {@link MAX_BUCKETS} of the span are there. */
  readonly truncated: boolean;
  /** Oldest first. */
  readonly buckets: readonly SeriesBucket[];
}

/** One answer carries this many buckets at most: more than any screen has columns. */
export const MAX_BUCKETS = 5_000;

/** Without a resolution: raw while there are no more readings than this, else about this many buckets. */
const AUTOMATIC_BUCKETS = 1_000;

/** Bucket lengths people can read: minutes, hours, a day, a week. */
const RESOLUTIONS_SECONDS = [60, 300, 900, 3600, 3 * 3600, 6 * 3600, 24 * 3600];
const LONGEST_RESOLUTION_SECONDS = 7 * 24 * 3600;

/** The levels of a bin over time. Only believable ones: those that could stand as the bin's level. */
export async function readSeries(store: Store, question: SeriesQuestion): Promise<Series> {
  const { resolutionSeconds } = question;
  if (resolutionSeconds === undefined) return readSeriesThatSuits(store, question);
  const buckets =
    resolutionSeconds === 0
      ? await readRaw(store, question, MAX_BUCKETS + 1)
      : await readBuckets(store, question, resolutionSeconds);
  return cut(resolutionSeconds, buckets);
}

async function readSeriesThatSuits(store: Store, question: SeriesQuestion): Promise<Series> {
  const raw = await readRaw(store, question, AUTOMATIC_BUCKETS + 1);
  if (raw.length <= AUTOMATIC_BUCKETS) return cut(0, raw);
  const spanSeconds = (question.toMs - question.fromMs) / 1000;
  const resolutionSeconds =
    RESOLUTIONS_SECONDS.find((seconds) => spanSeconds / seconds <= AUTOMATIC_BUCKETS) ??
    LONGEST_RESOLUTION_SECONDS;
  return cut(resolutionSeconds, await readBuckets(store, question, resolutionSeconds));
}

/** @param buckets newest first, one more than fits when there are more */
function cut(resolutionSeconds: number, buckets: readonly SeriesBucket[]): Series {
  return {
    resolutionSeconds,
    truncated: buckets.length > MAX_BUCKETS,
    buckets: buckets.slice(0, MAX_BUCKETS).reverse(),
  };
}

function selectLevels(store: Store, { binId, fromMs, toMs }: SeriesQuestion) {
  return store.db
    .selectFrom('readings')
    .where('bin_id', '=', binId)
    .where('observed_at', '>=', fromMs)
    .where('observed_at', '<=', toMs)
    .where('fill_percent', 'is not', null)
    .where('quality', '>=', qualityCode(LOWEST_LEVEL_QUALITY));
}

async function readRaw(
  store: Store,
  question: SeriesQuestion,
  limit: number,
): Promise<SeriesBucket[]> {
  const rows = await selectLevels(store, question)
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
  question: SeriesQuestion,
  resolutionSeconds: number,
): Promise<SeriesBucket[]> {
  // A literal: better-sqlite3 binds numbers as floating point, and PostgreSQL could not tell that the grouped
  // expression is the selected one.
  const bucketMs = sql.lit(resolutionSeconds * 1000);
  const start = sql<number>`observed_at - observed_at % ${bucketMs}`;
  const rows = await selectLevels(store, question)
    .select(({ fn }) => [
      start.as('at'),
      fn.min<number>('fill_percent').as('min'),
      fn.avg<number>('fill_percent').as('mean'),
      fn.max<number>('fill_percent').as('max'),
      fn.countAll<number>().as('count'),
    ])
    .groupBy(start)
    .orderBy('at', 'desc')
    .limit(MAX_BUCKETS + 1)
    .execute();
  return rows.map(({ at, min, mean, max, count }) => ({
    atMs: at,
    min,
    // The mean of equal numbers may come out a hair beside them.
    mean: Math.min(max, Math.max(min, mean)),
    max,
    count,
    readingId: null,
    quality: null,
  }));
}
