import { expect, test } from 'vitest';
import { DAY_MS, EVEN_HOURS, EVEN_WEEK, HOUR_MS, growthBetween, weekdayAt } from './fill-rate.ts';
import type { FillRate } from './fill-rate.ts';

const SUNDAY = Date.UTC(2026, 0, 4);
const EVEN: FillRate = {
  percentPerDay: 24,
  weekdayFactors: EVEN_WEEK,
  hourShares: EVEN_HOURS,
  dayVariation: 0.5,
  rateError: 0,
};

test('a bin of even days grows by the hour, part hours too', () => {
  expect(growthBetween(EVEN, SUNDAY, SUNDAY + 1.5 * HOUR_MS, 0).mean).toBeCloseTo(1.5, 9);
  expect(growthBetween(EVEN, SUNDAY + 0.5 * HOUR_MS, SUNDAY + DAY_MS, 0).mean).toBeCloseTo(23.5, 9);
});

test('the variance of a day is that of its variation, and grows with each day', () => {
  const day = growthBetween(EVEN, SUNDAY, SUNDAY + DAY_MS, 0);
  expect(day.variance).toBeCloseTo(144, 6);
  // A gamma variable: third moment 2 · variance² / mean.
  expect(day.third).toBeCloseTo((2 * 144 * 144) / 24, 6);
  expect(growthBetween(EVEN, SUNDAY, SUNDAY + 4 * DAY_MS, 0).variance).toBeCloseTo(4 * 144, 6);
});

test('an uncertain rate makes long forecasts more uncertain than short ones', () => {
  const unsure = { ...EVEN, dayVariation: 0, rateError: 0.1 };
  expect(growthBetween(unsure, SUNDAY, SUNDAY + 10 * DAY_MS, 0).variance).toBeCloseTo(576, 6);
});

test('weekdays and hours are those of the local time', () => {
  const sundays = { ...EVEN, weekdayFactors: [7, 0, 0, 0, 0, 0, 0] };
  expect(growthBetween(sundays, SUNDAY, SUNDAY + 7 * DAY_MS, 0).mean).toBeCloseTo(7 * 24, 9);
  const noon = { ...EVEN, hourShares: EVEN_HOURS.map((_, hour) => (hour === 12 ? 1 : 0)) };
  expect(growthBetween(noon, SUNDAY + 11 * HOUR_MS, SUNDAY + 12 * HOUR_MS, HOUR_MS).mean).toBe(24);
  expect(growthBetween(noon, SUNDAY + 11 * HOUR_MS, SUNDAY + 12 * HOUR_MS, 0).mean).toBe(0);
  expect(weekdayAt(SUNDAY - HOUR_MS, 0)).toBe(6);
  expect(weekdayAt(SUNDAY - HOUR_MS, HOUR_MS)).toBe(0);
});

test('nothing comes in no time, and nothing into a bin without a rate', () => {
  expect(growthBetween(EVEN, SUNDAY, SUNDAY, 0)).toEqual({ mean: 0, variance: 0, third: 0 });
  const unused = { ...EVEN, percentPerDay: 0 };
  expect(growthBetween(unused, SUNDAY, SUNDAY + DAY_MS, 0)).toEqual({
    mean: 0,
    variance: 0,
    third: 0,
  });
});
