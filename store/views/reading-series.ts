import type { Store } from '../database.ts';
import { joinBuckets } from '../history/levels.ts';
import type { LevelSource, LevelSpan, SeriesBucket } from '../history/levels.ts';
import { createSqlLevels } from '../history/sql-levels.ts';
import { readRecentSince } from '../recent-readings.ts';

export interface SeriesQuestion extends LevelSpan {
  /** Length of a bucket; 0: every reading by itself; left out: what suits the span. */
  readonly resolutionSeconds?: number | undefined;
}

export interface Series {
  readonly resolutionSeconds: number;
  /** Only the newest {@link MAX_BUCKETS} of the span are there. */
  readonly truncated: boolean;
  /** Readings observed before this time may be missing, since what keeps them does not answer; `null`: none are. */
  readonly missingBeforeMs: number | null;
  /** Oldest first. */
  readonly buckets: readonly SeriesBucket[];
}

/** What a series is read from beside SQL. */
export interface LongMemoryOptions {
  /** Has what SQL has no longer; left out: nothing does. Rejects when it does not answer. */
  readonly longMemory?: LevelSource | undefined;
  /** Told why the long memory gave no answer. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

/** One answer carries this many buckets at most: more than any screen has columns. */
export const MAX_BUCKETS = 5_000;

/** Without a resolution: raw while there are no more readings than this, else about this many buckets. */
const AUTOMATIC_BUCKETS = 1_000;

/** Bucket lengths people can read: minutes, hours, a day, a week. */
const RESOLUTIONS_SECONDS = [60, 300, 900, 3600, 3 * 3600, 6 * 3600, 24 * 3600];
const LONGEST_RESOLUTION_SECONDS = 7 * 24 * 3600;

/**
 * The levels of a bin over time. Only believable ones: those that could stand as the bin's level. What lies before the recent
 * readings of SQL is read from the long memory; when that does not answer, SQL answers alone and the series says what is missing.
 */
export async function readSeries(
  store: Store,
  question: SeriesQuestion,
  { longMemory, onFailure }: LongMemoryOptions = {},
): Promise<Series> {
  const recent = createSqlLevels(store);
  const sinceMs = await readRecentSince(store);
  if (sinceMs === undefined || question.fromMs >= sinceMs) {
    return { ...(await readFrom(recent, question)), missingBeforeMs: null };
  }
  if (longMemory !== undefined) {
    try {
      const both = joinSources(longMemory, recent, sinceMs);
      return { ...(await readFrom(both, question)), missingBeforeMs: null };
    } catch (error) {
      onFailure?.(error);
    }
  }
  return { ...(await readFrom(recent, question)), missingBeforeMs: sinceMs };
}

type Read = Omit<Series, 'missingBeforeMs'>;

async function readFrom(source: LevelSource, question: SeriesQuestion): Promise<Read> {
  const { resolutionSeconds } = question;
  if (resolutionSeconds === undefined) return readWhatSuits(source, question);
  const buckets =
    resolutionSeconds === 0
      ? await source.readRaw(question, MAX_BUCKETS + 1)
      : await source.readBuckets(question, resolutionSeconds, MAX_BUCKETS + 1);
  return cut(resolutionSeconds, buckets);
}

async function readWhatSuits(source: LevelSource, question: SeriesQuestion): Promise<Read> {
  const raw = await source.readRaw(question, AUTOMATIC_BUCKETS + 1);
  if (raw.length <= AUTOMATIC_BUCKETS) return cut(0, raw);
  const spanSeconds = (question.toMs - question.fromMs) / 1000;
  const resolutionSeconds =
    RESOLUTIONS_SECONDS.find((seconds) => spanSeconds / seconds <= AUTOMATIC_BUCKETS) ??
    LONGEST_RESOLUTION_SECONDS;
  const buckets = await source.readBuckets(question, resolutionSeconds, MAX_BUCKETS + 1);
  return cut(resolutionSeconds, buckets);
}

/** @param buckets newest first, one more than fits when there are more */
function cut(resolutionSeconds: number, buckets: readonly SeriesBucket[]): Read {
  return {
    resolutionSeconds,
    truncated: buckets.length > MAX_BUCKETS,
    buckets: buckets.slice(0, MAX_BUCKETS).reverse(),
  };
}

/** One source of two: `older` has everything observed before `sinceMs`, `recent` everything from then on. */
function joinSources(older: LevelSource, recent: LevelSource, sinceMs: number): LevelSource {
  const before = (span: LevelSpan): LevelSpan => ({
    ...span,
    toMs: Math.min(span.toMs, sinceMs - 1),
  });
  const since = (span: LevelSpan): LevelSpan => ({
    ...span,
    fromMs: Math.max(span.fromMs, sinceMs),
  });
  return {
    async readRaw(span, limit) {
      const newest = await recent.readRaw(since(span), limit);
      if (newest.length >= limit) return newest;
      return [...newest, ...(await older.readRaw(before(span), limit - newest.length))];
    },
    async readBuckets(span, resolutionSeconds, limit) {
      const newest = await recent.readBuckets(since(span), resolutionSeconds, limit);
      if (newest.length >= limit) return newest;
      const oldest = await older.readBuckets(before(span), resolutionSeconds, limit);
      return joinBuckets([newest, oldest]).slice(0, limit);
    },
  };
}
