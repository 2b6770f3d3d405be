import { describe, expect, test } from 'vitest';
import type { BinHistory } from './bin-history.ts';
import { estimateLevel } from './estimate-level.ts';
import { DAY_MS, HOUR_MS } from './fill-rate.ts';

const NOW = Date.UTC(2026, 0, 20, 4);

/** Readings by the hour, the last of them now. */
function history(levels: readonly number[], more: Partial<BinHistory> = {}): BinHistory {
  return {
    ...{ id: 'bin', group: 'paper', sensor: { noisePoints: 2, stepPoints: 0 }, emptiedAtMs: [] },
    readings: levels.map((fillPercent, index) => ({
      atMs: NOW - (levels.length - 1 - index) * HOUR_MS,
      fillPercent,
    })),
    ...more,
  };
}

describe('a fine sensor', () => {
  test('is believed in the middle of its last readings, so that an outlier changes nothing', () => {
    const level = estimateLevel(history([58, 61, 60, 3, 59]), NOW);
    expect(level).toMatchObject({ percent: 59, full: false });
    expect(level.errorPoints).toBeLessThan(2);
    expect(level.atMs).toBe(NOW - 2 * HOUR_MS);
  });

  test('is believed less with one reading than with five', () => {
    const one = estimateLevel(history([60]), NOW);
    const five = estimateLevel(history([60, 59, 61, 60, 58]), NOW);
    expect(one.errorPoints).toBeGreaterThan(2 * five.errorPoints);
  });

  test('that repeats itself for half a day is stuck: what it said before counts', () => {
    const stuck = [40, 42, 44, ...Array.from({ length: 14 }, () => 45)];
    const level = estimateLevel(history(stuck), NOW);
    expect(level.percent).toBe(42);
    expect(level.atMs).toBeLessThan(NOW - 14 * HOUR_MS);
    const short = [40, 42, 44, ...Array.from({ length: 5 }, () => 45)];
    expect(estimateLevel(history(short), NOW).percent).toBe(45);
  });

  test('that hangs over an emptying leaves the emptying as what is known', () => {
    const emptied = NOW - 5 * HOUR_MS;
    const level = estimateLevel(
      history(
        Array.from({ length: 20 }, () => 80),
        { emptiedAtMs: [emptied] },
      ),
      NOW,
    );
    expect(level).toMatchObject({ percent: 2.5, atMs: emptied, full: false });
  });

  test('says full at the rim and above it, and never more', () => {
    expect(estimateLevel(history([99, 100, 131]), NOW)).toMatchObject({ percent: 100, full: true });
    expect(estimateLevel(history([-4, -2, -3]), NOW)).toMatchObject({ percent: 0, full: false });
  });
});

test('readings from before an emptying do not count after it', () => {
  const emptiedAtMs = [NOW - 1.5 * HOUR_MS];
  expect(estimateLevel(history([90, 91, 92, 4, 6], { emptiedAtMs }), NOW).percent).toBe(5);
});

test('what comes after the time asked for is not known', () => {
  expect(estimateLevel(history([10, 12, 50, 52]), NOW - 2 * HOUR_MS).percent).toBe(11);
});

test('a bin that nobody knows anything of may stand anywhere', () => {
  const level = estimateLevel(history([]), NOW);
  expect(level).toMatchObject({ percent: 50, full: false, atMs: NOW });
  expect(level.errorPoints).toBeGreaterThan(20);
});

describe('a sensor of 20-point steps', () => {
  const sensor = { noisePoints: 0, stepPoints: 20 };
  const daily = (levels: readonly number[]): BinHistory => ({
    ...history([], { sensor }),
    readings: levels.map((fillPercent, index) => ({
      atMs: NOW - (levels.length - 1 - index) * DAY_MS,
      fillPercent,
    })),
  });

  test('is known best when it reached its step', () => {
    const level = estimateLevel(daily([20, 20, 40, 40, 40]), NOW);
    expect(level.percent).toBe(40);
    expect(level.atMs).toBe(NOW - 2.5 * DAY_MS);
  });

  test('may be anywhere within a step that nobody saw it reach', () => {
    const level = estimateLevel(daily([60, 60]), NOW);
    expect(level.percent).toBe(70);
    expect(level.errorPoints).toBeCloseTo(5.77, 2);
  });
});
