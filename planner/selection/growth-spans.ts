import { CENSORED_FROM_PERCENT, firstFrom, median } from './bin-history.ts';
import type { BinHistory, LevelReading } from './bin-history.ts';
import { DAY_MS, HOUR_MS } from './fill-rate.ts';

/** Growth seen between two levels without an emptying between them. */
export interface GrowthSpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly growthPoints: number;
  /** The bin was full at the end: it may have grown more. */
  readonly censored: boolean;
}

const AT_END_MS = 3 * HOUR_MS;
const READINGS_AT_END = 5;
/** Shorter than this, noise outweighs growth. */
const SHORTEST_MS = 4 * HOUR_MS;
/** Nothing but an emptying lets a level fall so far. */
export const EMPTYING_POINTS = 15;

/**
 * Cuts a history at emptyings and at midnights, so that each span lies within one day. Coarse sensors are cut at emptyings only: their
 * steps take days.
 */
export function findSpans(history: BinHistory, utcOffsetMs: number): GrowthSpan[] {
  const { readings, sensor } = history;
  const spans: GrowthSpan[] = [];
  const cuts = findCuts(history, utcOffsetMs, sensor.stepPoints < 5);
  for (let index = 1; index < cuts.length; index += 1) {
    const [fromMs = 0, toMs = 0] = [cuts[index - 1], cuts[index]];
    const inside = readings.slice(firstFrom(readings, fromMs), firstFrom(readings, toMs));
    const span = spanOf(inside);
    if (span !== undefined) spans.push(span);
  }
  return spans;
}

function findCuts(
  { readings, emptiedAtMs }: BinHistory,
  offsetMs: number,
  daily: boolean,
): number[] {
  const [first, last] = [readings[0], readings.at(-1)];
  if (first === undefined || last === undefined) return [];
  const cuts = [first.atMs, ...emptiedAtMs, last.atMs + 1];
  if (daily) {
    let midnight = Math.ceil((first.atMs + offsetMs) / DAY_MS) * DAY_MS - offsetMs;
    for (; midnight < last.atMs; midnight += DAY_MS) cuts.push(midnight);
  }
  return cuts
    .filter((atMs) => atMs >= first.atMs && atMs <= last.atMs + 1)
    .toSorted((a, b) => a - b);
}

function spanOf(readings: readonly LevelReading[]): GrowthSpan | undefined {
  const [first, last] = [readings[0], readings.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  if (last.atMs - first.atMs < SHORTEST_MS) return undefined;
  const begin = levelOf(
    readings.slice(0, firstFrom(readings, first.atMs + AT_END_MS)).slice(0, READINGS_AT_END),
  );
  const end = levelOf(
    readings.slice(firstFrom(readings, last.atMs - AT_END_MS)).slice(-READINGS_AT_END),
  );
  if (begin.percent >= CENSORED_FROM_PERCENT) return undefined;
  const growthPoints = end.percent - begin.percent;
  // An emptying that nobody told of.
  if (growthPoints < -EMPTYING_POINTS) return undefined;
  const censored = end.percent >= CENSORED_FROM_PERCENT;
  return { fromMs: begin.atMs, toMs: end.atMs, growthPoints, censored };
}

function levelOf(readings: readonly LevelReading[]): { atMs: number; percent: number } {
  return {
    atMs: readings.reduce((sum, { atMs }) => sum + atMs, 0) / readings.length,
    percent: median(readings.map(({ fillPercent }) => fillPercent)) ?? 0,
  };
}
