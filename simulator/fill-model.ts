import type { Growth } from './growth.ts';
import { gaussianFrom, unitFrom } from './random.ts';
import {
  DAY_MS,
  HOUR_MS,
  dayStartMs,
  hourWeights,
  localDay,
  weekdayFactor,
  weekdayOf,
} from './rhythm.ts';

/*
 * The level is a pure function of the bin and the time, not a state that is stepped on. So history and the present
 * join without a seam, any moment can be asked for in any order, and a restart has only a clock to remember.
 */

/** A visit of the round that emptied the bin. */
export interface Emptying {
  readonly atMs: number;
  readonly fillPercentBefore: number;
  readonly fillPercentAfter: number;
}

/** Purposes keep the random numbers of one bin apart. */
const DAY_AMOUNT = 1;
const HOUR_AMOUNT = 2;
const ROUND_MISSED = 3;
const ROUND_DELAY = 4;
const LEFT_BEHIND = 5;

/** Standard deviation of ln for a day-to-day coefficient of variation of 0.44 (Edinburgh). */
const DAY_SIGMA = Math.sqrt(Math.log(1 + 0.44 ** 2));
/** Trucks break down and cars stand in the way. */
const MISSED_ROUND_RATE = 0.04;
const ROUND_JITTER_MS = 40 * 60_000;
/** An emptied bin keeps up to so much. */
const LEFT_BEHIND_PERCENT = 5;
/** What no longer fits is heaped on top until it falls beside: the heap ends here above the rim, percent. */
const HEAP_PERCENT = 30;
const HEAP_SOFTNESS_PERCENT = 45;
/** A bin that no round reached for so long is taken as emptied then. */
const LONGEST_LOOK_BACK_DAYS = 40;

/** The true level at a moment of the town's clock, percent; up to about 130 when overfull. */
export function fillPercentAt(growth: Growth, townMs: number): number {
  const emptiedAtMs = lastRoundMs(growth, townMs);
  const raw = leftBehind(growth, emptiedAtMs) + grownBetween(growth, emptiedAtMs, townMs);
  if (raw <= 100) return raw;
  return 100 + HEAP_PERCENT * (1 - Math.exp((100 - raw) / HEAP_SOFTNESS_PERCENT));
}

/** The emptyings with `fromMs <= atMs < toMs`, oldest first. */
export function emptyingsBetween(growth: Growth, fromMs: number, toMs: number): Emptying[] {
  const emptyings: Emptying[] = [];
  for (let day = localDay(fromMs) - 1; day <= localDay(toMs); day++) {
    const atMs = roundOnDayMs(growth, day);
    if (atMs === undefined || atMs < fromMs || atMs >= toMs) continue;
    emptyings.push({
      atMs,
      fillPercentBefore: fillPercentAt(growth, atMs - 1),
      fillPercentAfter: leftBehind(growth, atMs),
    });
  }
  return emptyings;
}

/** When the round emptied this bin on a day; `undefined` when none was due or it was missed. */
function roundOnDayMs(growth: Growth, day: number): number | undefined {
  if (!growth.roundWeekdays.includes(weekdayOf(day))) return undefined;
  if (unitFrom(growth.seed, ROUND_MISSED, day) < MISSED_ROUND_RATE) return undefined;
  const jitterMs = Math.floor(unitFrom(growth.seed, ROUND_DELAY, day) * ROUND_JITTER_MS);
  return dayStartMs(day) + growth.roundMinuteOfDay * 60_000 + jitterMs;
}

function lastRoundMs(growth: Growth, townMs: number): number {
  const today = localDay(townMs);
  for (let day = today; day > today - LONGEST_LOOK_BACK_DAYS; day--) {
    const atMs = roundOnDayMs(growth, day);
    if (atMs !== undefined && atMs <= townMs) return atMs;
  }
  return dayStartMs(today - LONGEST_LOOK_BACK_DAYS);
}

function leftBehind(growth: Growth, emptiedAtMs: number): number {
  return unitFrom(growth.seed, LEFT_BEHIND, localDay(emptiedAtMs)) * LEFT_BEHIND_PERCENT;
}

/** What comes into a bin between two times, percent of its volume, whether it finds room or not. */
export function grownBetween(growth: Growth, fromMs: number, toMs: number): number {
  const firstDay = localDay(fromMs);
  const lastDay = localDay(toMs);
  let percent = -amountOfDay(growth, firstDay) * partOfDay(growth, firstDay, fromMs);
  for (let day = firstDay; day < lastDay; day++) percent += amountOfDay(growth, day);
  return percent + amountOfDay(growth, lastDay) * partOfDay(growth, lastDay, toMs);
}

/** Percent thrown in on a day: log-normal around the bin's mean, with the weekday's factor. */
function amountOfDay(growth: Growth, day: number): number {
  const chance = Math.exp(
    DAY_SIGMA * gaussianFrom(growth.seed, DAY_AMOUNT, day) - (DAY_SIGMA * DAY_SIGMA) / 2,
  );
  return growth.percentPerDay * weekdayFactor(growth.stream, weekdayOf(day)) * chance;
}

/** Part of the day's amount that has come by a moment of it, 0 to 1. Hours are lumpy: bags come one by one. */
function partOfDay(growth: Growth, day: number, atMs: number): number {
  const hours = Math.min(DAY_MS, atMs - dayStartMs(day)) / HOUR_MS;
  let sofar = 0;
  let total = 0;
  for (const [hour, weight] of hourWeights(growth.stream).entries()) {
    const lump = -Math.log(1 - unitFrom(growth.seed, HOUR_AMOUNT, day * 24 + hour));
    const amount = weight * lump;
    total += amount;
    sofar += amount * Math.min(1, Math.max(0, hours - hour));
  }
  return sofar / total;
}
