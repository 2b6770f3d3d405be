import type { Moments } from './tail-probability.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** 1 January 1970 was a Thursday. */
const EPOCH_WEEKDAY = 4;

/** How a bin fills, as far as is known. Percent are of the usable volume. */
export interface FillRate {
  /** Mean over a week. */
  readonly percentPerDay: number;
  /** Seven, from Sunday, about 1. */
  readonly weekdayFactors: readonly number[];
  /** Part of a day's waste that comes in each of 24 hours; together 1. */
  readonly hourShares: readonly number[];
  /** Standard deviation of a day's waste, as part of its mean. */
  readonly dayVariation: number;
  /** Standard error of `percentPerDay`, as part of it. */
  readonly rateError: number;
}

export const EVEN_HOURS: readonly number[] = Array.from({ length: 24 }, () => 1 / 24);
export const EVEN_WEEK: readonly number[] = Array.from({ length: 7 }, () => 1);

/** Local weekday, 0 = Sunday. */
export function weekdayAt(atMs: number, utcOffsetMs: number): number {
  return (((Math.floor((atMs + utcOffsetMs) / DAY_MS) + EPOCH_WEEKDAY) % 7) + 7) % 7;
}

/** Mean growth from one time to a later one, in days of this bin's mean waste: hours and weekdays weigh as they do. */
export function daysOfWaste(
  rate: FillRate,
  fromMs: number,
  toMs: number,
  utcOffsetMs: number,
): number {
  let days = 0;
  forEachHour(rate, fromMs, toMs, utcOffsetMs, (share, factor) => {
    days += share * factor;
  });
  return days;
}

/**
 * What comes into a bin between two times. A day's waste is gamma distributed, its parts are independent of each other, and
 * that the rate is not exactly known makes the whole uncertain by the same part, the more the longer.
 */
export function growthBetween(
  rate: FillRate,
  fromMs: number,
  toMs: number,
  utcOffsetMs: number,
): Moments {
  const { percentPerDay, dayVariation, rateError } = rate;
  let mean = 0;
  let variance = 0;
  let third = 0;
  forEachHour(rate, fromMs, toMs, utcOffsetMs, (share, factor) => {
    const ofDay = percentPerDay * factor;
    // A gamma variable of this mean and variation has this scale; its parts have the same.
    const scale = dayVariation * dayVariation * ofDay;
    mean += ofDay * share;
    variance += ofDay * share * scale;
    third += 2 * ofDay * share * scale * scale;
  });
  return { mean, variance: variance + (rateError * mean) ** 2, third };
}

function forEachHour(
  { weekdayFactors, hourShares }: FillRate,
  fromMs: number,
  toMs: number,
  utcOffsetMs: number,
  visit: (share: number, factor: number) => void,
): void {
  for (let atMs = fromMs; atMs < toMs;) {
    const hourEndMs = (Math.floor(atMs / HOUR_MS) + 1) * HOUR_MS;
    const untilMs = Math.min(hourEndMs, toMs);
    const hour = Math.floor(((((atMs + utcOffsetMs) % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS);
    const share = ((hourShares[hour] ?? 0) * (untilMs - atMs)) / HOUR_MS;
    visit(share, weekdayFactors[weekdayAt(atMs, utcOffsetMs)] ?? 1);
    atMs = untilMs;
  }
}
