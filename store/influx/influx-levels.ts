import { LOWEST_LEVEL_QUALITY, qualityCode, qualityFromCode } from '../../domain/quality.ts';
import { clampMean, joinBuckets } from '../history/levels.ts';
import type { LevelSource, LevelSpan, SeriesBucket } from '../history/levels.ts';
import type { InfluxQuery, InfluxRow } from './influx-query.ts';
import { idText, timeWithin, wholeNumber } from './influxql.ts';

/** The measurements that hold readings, and what the readings of an hour come to. */
export const READINGS = 'reading';
export const HOURS = 'reading_1h';

export const HOUR_SECONDS = 3600;
export const HOUR_MS = HOUR_SECONDS * 1000;

/** Believable levels only. A quality is a number, so that one condition serves all versions. */
export const BELIEVABLE = `quality >= ${qualityCode(LOWEST_LEVEL_QUALITY)}`;

/** The levels that InfluxDB has. Long buckets are put together from hourly ones, which are made beforehand. */
export function createInfluxLevels(query: InfluxQuery): LevelSource {
  return {
    readRaw: (span, limit) => readRaw(query, span, limit),
    async readBuckets(span, resolutionSeconds, limit) {
      const question = { resolutionSeconds, limit };
      const hours = resolutionSeconds % HOUR_SECONDS === 0 ? wholeHours(span) : undefined;
      if (hours === undefined) return readBuckets(query, span, question);
      const parts = await Promise.all([
        readHours(query, hours, question),
        // The hours that the span only touches.
        ...outside(span, hours).map((rest) => readBuckets(query, rest, question)),
      ]);
      return joinBuckets(parts).slice(0, limit);
    },
  };
}

/** The whole hours of a span, where it has any. */
function wholeHours(span: LevelSpan): LevelSpan | undefined {
  const fromMs = Math.ceil(span.fromMs / HOUR_MS) * HOUR_MS;
  const toMs = Math.floor((span.toMs + 1) / HOUR_MS) * HOUR_MS - 1;
  return fromMs < toMs ? { ...span, fromMs, toMs } : undefined;
}

function outside(span: LevelSpan, hours: LevelSpan): LevelSpan[] {
  const ends = [
    { ...span, toMs: hours.fromMs - 1 },
    { ...span, fromMs: hours.toMs + 1 },
  ];
  return ends.filter(({ fromMs, toMs }) => fromMs <= toMs);
}

async function readRaw(
  query: InfluxQuery,
  span: LevelSpan,
  limit: number,
): Promise<SeriesBucket[]> {
  if (span.fromMs > span.toMs) return [];
  const rows = await query.rows(
    `SELECT fill_percent, quality FROM ${READINGS} WHERE ${where(span)} AND ${BELIEVABLE}` +
      ` ORDER BY time DESC LIMIT ${wholeNumber(limit)}`,
  );
  return rows.flatMap((row) => {
    const fill = numberIn(row, 'fill_percent');
    const quality = numberIn(row, 'quality');
    if (fill === undefined || quality === undefined) return [];
    const level = { min: fill, mean: fill, max: fill, count: 1 };
    return [{ atMs: row.timeMs, ...level, readingId: null, quality: qualityFromCode(quality) }];
  });
}

interface BucketQuestion {
  readonly resolutionSeconds: number;
  readonly limit: number;
}

async function readBuckets(
  query: InfluxQuery,
  span: LevelSpan,
  question: BucketQuestion,
): Promise<SeriesBucket[]> {
  if (span.fromMs > span.toMs) return [];
  const rows = await query.rows(
    `SELECT min(fill_percent) AS low, sum(fill_percent) AS total, max(fill_percent) AS high,` +
      ` count(fill_percent) AS readings FROM ${READINGS} WHERE ${where(span)} AND ${BELIEVABLE}` +
      inBuckets(question),
  );
  return rows.flatMap(toBucket);
}

async function readHours(
  query: InfluxQuery,
  span: LevelSpan,
  question: BucketQuestion,
): Promise<SeriesBucket[]> {
  const rows = await query.rows(
    `SELECT min(low) AS low, sum(total) AS total, max(high) AS high, sum(readings) AS readings` +
      ` FROM ${HOURS} WHERE ${where(span)} AND readings > 0${inBuckets(question)}`,
  );
  return rows.flatMap(toBucket);
}

function where(span: LevelSpan): string {
  return `bin = ${idText(span.binId)} AND ${timeWithin(span)}`;
}

function inBuckets({ resolutionSeconds, limit }: BucketQuestion): string {
  const length = `${wholeNumber(resolutionSeconds)}s`;
  return ` GROUP BY time(${length}) fill(none) ORDER BY time DESC LIMIT ${wholeNumber(limit)}`;
}

/** A row with `low`, `total`, `high` and `readings`; nothing where no reading had a level. */
export function toBucket(row: InfluxRow): SeriesBucket[] {
  const [min, total, max, count] = ['low', 'total', 'high', 'readings'].map((name) =>
    numberIn(row, name),
  );
  if (min === undefined || max === undefined || total === undefined || !count) return [];
  const mean = clampMean(total / count, min, max);
  return [{ atMs: row.timeMs, min, mean, max, count, readingId: null, quality: null }];
}

function numberIn(row: InfluxRow, name: string): number | undefined {
  const value = row[name];
  return typeof value === 'number' ? value : undefined;
}
