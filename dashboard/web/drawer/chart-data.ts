import type { ReadingSeries } from '../../api/bins.ts';

/** Columns for the chart, times in seconds since 1970. A `null` breaks the line where nothing was heard. */
export interface ChartColumns {
  readonly times: number[];
  readonly min: (number | null)[];
  readonly max: (number | null)[];
  readonly mean: (number | null)[];
}

/** The series in four numbers; the mean counts every reading once. */
export interface SeriesSummary {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  readonly count: number;
}

/**
 * Turns a series into columns.
 * @param silentAfterSeconds a gap longer than this is shown as one: a line across it would claim levels nobody measured
 */
export function columnsOf(series: ReadingSeries, silentAfterSeconds: number): ChartColumns {
  const gapSeconds = Math.max(silentAfterSeconds, 2 * series.resolutionSeconds);
  const times: number[] = [];
  const min: (number | null)[] = [];
  const max: (number | null)[] = [];
  const mean: (number | null)[] = [];
  for (const bucket of series.buckets) {
    const at = Date.parse(bucket.at) / 1000;
    const before = times.at(-1);
    if (before !== undefined && at - before > gapSeconds) {
      times.push(before + 1);
      for (const column of [min, max, mean]) column.push(null);
    }
    times.push(at);
    min.push(bucket.min);
    max.push(bucket.max);
    mean.push(bucket.mean);
  }
  return { times, min, max, mean };
}

/** Adds a place without a level at both ends, so that what spans the whole time is drawn from end to end. */
export function stretchColumns(
  { times, min, max, mean }: ChartColumns,
  fromSeconds: number,
  toSeconds: number,
): ChartColumns {
  // A bucket may begin before the span does.
  const start = Math.min(fromSeconds, times[0] ?? fromSeconds);
  const end = Math.max(toSeconds, times.at(-1) ?? toSeconds);
  return {
    times: [start, ...times, end],
    min: [null, ...min, null],
    max: [null, ...max, null],
    mean: [null, ...mean, null],
  };
}

/** Indexes of levels with none beside them: no line reaches them, so they are drawn as dots. */
export function findLoneLevels(levels: readonly (number | null)[]): number[] {
  return levels.flatMap((level, index) => {
    const isLone = (levels[index - 1] ?? null) === null && (levels[index + 1] ?? null) === null;
    return level !== null && isLone ? [index] : [];
  });
}

/** Returns `undefined` for a series without readings. */
export function summarise({ buckets }: ReadingSeries): SeriesSummary | undefined {
  if (buckets.length === 0) return undefined;
  const count = buckets.reduce((sum, bucket) => sum + bucket.count, 0);
  const total = buckets.reduce((sum, bucket) => sum + bucket.mean * bucket.count, 0);
  return {
    min: buckets.reduce((least, bucket) => Math.min(least, bucket.min), Infinity),
    max: buckets.reduce((most, bucket) => Math.max(most, bucket.max), -Infinity),
    mean: total / count,
    count,
  };
}
