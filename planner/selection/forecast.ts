import { DAY_MS, growthBetween } from './fill-rate.ts';
import type { BinToday, Today } from './policy.ts';
import { addMoments, chanceAbove } from './tail-probability.ts';
import type { Moments } from './tail-probability.ts';

/** A bin is full here: what comes now falls beside it. */
export const FULL_PERCENT = 100;
/** What an emptied bin keeps. */
const LEFT_BEHIND: Moments = { mean: 2.5, variance: 2, third: 0 };
/** Longer forecasts help nobody. */
const MOST_DAYS = 60;

/** The level of a bin at a time, if nobody empties it. Not limited to what it can hold. */
export function forecastLevel(bin: BinToday, atMs: number, utcOffsetMs: number): Moments {
  const { percent, errorPoints, atMs: seenAtMs } = bin.level;
  const level: Moments = { mean: percent, variance: errorPoints * errorPoints, third: 0 };
  return addMoments(level, growthBetween(bin.rate, seenAtMs, atMs, utcOffsetMs));
}

/** The chance that a bin is overfull at a time, if nobody empties it before. */
export function overflowChance(bin: BinToday, atMs: number, utcOffsetMs: number): number {
  if (bin.level.full) return 1;
  return chanceAbove(forecastLevel(bin, atMs, utcOffsetMs), FULL_PERCENT);
}

/** The same, if it is emptied at an earlier time. */
export function overflowChanceWhenServed(
  bin: BinToday,
  servedAtMs: number,
  atMs: number,
  utcOffsetMs: number,
): number {
  const growth = growthBetween(bin.rate, servedAtMs, atMs, utcOffsetMs);
  return chanceAbove(addMoments(LEFT_BEHIND, growth), FULL_PERCENT);
}

/** Level to expect when a vehicle comes today, percent. */
export function expectedPercent(bin: BinToday, { utcOffsetMs }: Today): number {
  const [today = bin.level.atMs] = bin.opportunitiesMs;
  return forecastLevel(bin, today, utcOffsetMs).mean;
}

/** Days until the mean level reaches full, from now; at most 60. */
export function daysUntilFull(bin: BinToday, { nowMs, utcOffsetMs }: Today): number {
  if (bin.level.full) return 0;
  const grownNow = forecastLevel(bin, nowMs, utcOffsetMs).mean;
  let missing = FULL_PERCENT - grownNow;
  if (missing <= 0) return 0;
  for (let day = 0; day < MOST_DAYS; day += 1) {
    const fromMs = nowMs + day * DAY_MS;
    const grown = growthBetween(bin.rate, fromMs, fromMs + DAY_MS, utcOffsetMs).mean;
    if (grown >= missing) return day + missing / grown;
    missing -= grown;
  }
  return MOST_DAYS;
}
