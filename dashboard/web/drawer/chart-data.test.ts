import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReadingSeries } from '../../api/bins.ts';
import { NOW_MS, secondsAgo } from '../testing/make-bin.ts';
import { columnsOf, findLoneLevels, stretchColumns, summarise } from './chart-data.ts';

type Bucket = ReadingSeries['buckets'][number];

function makeSeries(buckets: Bucket[], resolutionSeconds = 0): ReadingSeries {
  return {
    binId: 'bin-1',
    from: secondsAgo(86_400),
    to: secondsAgo(0),
    resolutionSeconds,
    truncated: false,
    missingBefore: null,
    buckets,
  };
}

/** One raw reading, so many seconds before the end. */
function reading(ageSeconds: number, fillPercent: number): Bucket {
  const level = { min: fillPercent, mean: fillPercent, max: fillPercent, count: 1 };
  return { at: secondsAgo(ageSeconds), ...level, readingId: 1, quality: 'accepted' };
}

const anyBuckets = fc
  .array(
    fc.record({
      gapSeconds: fc.integer({ min: 0, max: 50_000 }),
      levels: fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 5 }),
    }),
  )
  .map((entries) => {
    let atMs = NOW_MS;
    return entries.map(({ gapSeconds, levels }): Bucket => {
      atMs += gapSeconds * 1000;
      return {
        at: new Date(atMs).toISOString(),
        min: Math.min(...levels),
        max: Math.max(...levels),
        mean: levels.reduce((sum, level) => sum + level, 0) / levels.length,
        count: levels.length,
        readingId: null,
        quality: null,
      };
    });
  });

describe('the columns of a chart', () => {
  test('hold one point for each bucket, in seconds since 1970', () => {
    const series = makeSeries([reading(1200, 40), reading(600, 45)]);
    const at = (NOW_MS - 1_200_000) / 1000;
    expect(columnsOf(series, 3600)).toEqual({
      times: [at, at + 600],
      min: [40, 45],
      max: [40, 45],
      mean: [40, 45],
    });
  });

  test('break the line where the sensor was silent, so that no level is claimed there', () => {
    const { times, mean } = columnsOf(makeSeries([reading(9000, 40), reading(600, 80)]), 3600);
    expect(mean).toEqual([40, null, 80]);
    const [before = 0, broken = 0, after = 0] = times;
    expect(broken).toBeGreaterThan(before);
    expect(broken).toBeLessThan(after);
  });

  test('do not break between neighbours, however coarse the buckets are', () => {
    const sixHours = 6 * 3600;
    const series = makeSeries([reading(2 * sixHours, 40), reading(sixHours, 50)], sixHours);
    expect(columnsOf(series, 3600).mean).toEqual([40, 50]);
  });

  test('are empty without readings', () => {
    expect(columnsOf(makeSeries([]), 3600)).toEqual({ times: [], min: [], max: [], mean: [] });
  });

  test('always run forward, are equally long, and show each level exactly once', () => {
    const resolution = fc.constantFrom(0, 3600, 21_600);
    fc.assert(
      fc.property(anyBuckets, resolution, (buckets, resolutionSeconds) => {
        const { times, min, max, mean } = columnsOf(makeSeries(buckets, resolutionSeconds), 3600);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        for (const column of [min, max, mean]) expect(column).toHaveLength(times.length);
        expect(mean.filter((level) => level !== null)).toEqual(buckets.map((one) => one.mean));
        const nulls = (column: readonly (number | null)[]) => column.map((level) => level === null);
        expect(nulls(min)).toEqual(nulls(mean));
        expect(nulls(max)).toEqual(nulls(mean));
      }),
    );
  });
});

describe('a level', () => {
  test.each([
    [[40], [0]],
    [[null, 40, null], [1]],
    [
      [40, null, 50, 60, null, 70],
      [0, 5],
    ],
    [
      [0, null, 0],
      [0, 2],
    ],
    [[40, 50], []],
    [[null], []],
    [[], []],
  ])('stands alone where no line reaches it: %j at %j', (levels, lone) => {
    expect(findLoneLevels(levels)).toEqual(lone);
  });
});

describe('stretched columns', () => {
  test('reach from end to end of the span, and claim no level there', () => {
    const columns = { times: [20, 30], min: [1, 2], max: [3, 4], mean: [2, 3] };
    expect(stretchColumns(columns, 10, 40)).toEqual({
      times: [10, 20, 30, 40],
      min: [null, 1, 2, null],
      max: [null, 3, 4, null],
      mean: [null, 2, 3, null],
    });
  });

  test('never run backwards, not even when a bucket begins before the span', () => {
    const columns = { times: [5, 50], min: [1, 2], max: [3, 4], mean: [2, 3] };
    expect(stretchColumns(columns, 10, 40).times).toEqual([5, 5, 50, 50]);
  });
});

describe('the summary of a series', () => {
  test('does not exist without readings', () => {
    expect(summarise(makeSeries([]))).toBeUndefined();
  });

  test('counts every reading once, however the buckets are filled', () => {
    const buckets = [
      { ...reading(7200, 10), count: 9 },
      { ...reading(3600, 60), min: 50, max: 110, count: 1 },
    ];
    expect(summarise(makeSeries(buckets, 3600))).toEqual({
      min: 10,
      mean: 15,
      max: 110,
      count: 10,
    });
  });

  test('never has a mean outside of the lowest and highest level', () => {
    fc.assert(
      fc.property(
        anyBuckets.filter((buckets) => buckets.length > 0),
        (buckets) => {
          const summary = summarise(makeSeries(buckets, 3600));
          const { min = NaN, mean = NaN, max = NaN, count } = summary ?? {};
          expect(mean).toBeGreaterThanOrEqual(min - 1e-9);
          expect(mean).toBeLessThanOrEqual(max + 1e-9);
          expect(count).toBe(buckets.reduce((sum, bucket) => sum + bucket.count, 0));
        },
      ),
    );
  });
});
