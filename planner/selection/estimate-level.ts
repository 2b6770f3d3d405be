import { CENSORED_FROM_PERCENT, firstFrom, median } from './bin-history.ts';
import type { BinHistory, LevelReading } from './bin-history.ts';
import { HOUR_MS } from './fill-rate.ts';

/** A level and how far it can be trusted. What has come since `atMs` is for the forecast to add. */
export interface LevelEstimate {
  readonly percent: number;
  /** Standard deviation, percentage points. */
  readonly errorPoints: number;
  /** When the bin stood at this level. */
  readonly atMs: number;
  /** Full as far as the sensor can tell. */
  readonly full: boolean;
}

/** Readings of the last hours together say more than the last one alone, and an outlier among them nothing. */
const TOGETHER_MS = 4 * HOUR_MS;
const MOST_TOGETHER = 5;
/** An emptied bin keeps a little: 2.5 points or so. */
const LEFT_BEHIND: Pick<LevelEstimate, 'percent' | 'errorPoints'> = {
  percent: 2.5,
  errorPoints: 1.5,
};
/** A fine sensor that reports the same value for so long is stuck. */
const STUCK_MS = 12 * HOUR_MS;
const STUCK_READINGS = 6;
/** Steps this coarse stay the same for days without anything being wrong. */
const COARSE_POINTS = 5;
/** Never heard, never emptied: anything is possible. */
const UNKNOWN: Pick<LevelEstimate, 'percent' | 'errorPoints'> = { percent: 50, errorPoints: 29 };

/** What the readings up to a time say about a bin's level. Falls back to the last emptying, and then to ignorance. */
export function estimateLevel(history: BinHistory, nowMs: number): LevelEstimate {
  const { sensor, emptiedAtMs } = history;
  const emptied = emptiedAtMs.findLast((atMs) => atMs <= nowMs);
  const known = history.readings.slice(0, firstFrom(history.readings, nowMs + 1));
  const coarse = sensor.stepPoints >= COARSE_POINTS;
  const stuckSince = coarse ? undefined : findStuck(known);
  const sound = stuckSince === undefined ? known : known.slice(0, stuckSince);
  const readings = sound.slice(emptied === undefined ? 0 : firstFrom(sound, emptied + 1));
  const last = readings.at(-1);
  if (last === undefined) {
    return emptied === undefined
      ? { ...UNKNOWN, atMs: nowMs, full: false }
      : { ...LEFT_BEHIND, atMs: emptied, full: false };
  }
  return coarse
    ? fromSteps(readings, sensor.stepPoints, last)
    : fromLatest(readings, history, last);
}

function fromLatest(
  readings: readonly LevelReading[],
  { sensor }: BinHistory,
  last: LevelReading,
): LevelEstimate {
  const together = readings
    .slice(firstFrom(readings, last.atMs - TOGETHER_MS))
    .slice(-MOST_TOGETHER);
  const percent = clamp(median(together.map(({ fillPercent }) => fillPercent)) ?? last.fillPercent);
  const atMs = together.reduce((sum, reading) => sum + reading.atMs, 0) / together.length;
  // A median is about a quarter less exact than a mean; one reading alone may be an outlier.
  const ofMedian = (1.25 * sensor.noisePoints) / Math.sqrt(together.length);
  const errorPoints = together.length < 3 ? 2 * sensor.noisePoints : ofMedian;
  return { percent, errorPoints, atMs, full: percent >= CENSORED_FROM_PERCENT };
}

/** A step is known best when it was reached: the level was just that then. */
function fromSteps(
  readings: readonly LevelReading[],
  stepPoints: number,
  last: LevelReading,
): LevelEstimate {
  const before = readings.findLastIndex(({ fillPercent }) => fillPercent < last.fillPercent);
  const reached = readings[before + 1] ?? last;
  const previousMs = readings[before]?.atMs;
  const percent = clamp(last.fillPercent);
  const full = percent >= CENSORED_FROM_PERCENT;
  // Nobody saw it reached: anything within the step.
  if (previousMs === undefined && percent > 0) {
    const middle = clamp(percent + stepPoints / 2);
    return { percent: middle, errorPoints: stepPoints / Math.sqrt(12), atMs: reached.atMs, full };
  }
  const atMs = previousMs === undefined ? reached.atMs : (previousMs + reached.atMs) / 2;
  return { percent, errorPoints: stepPoints / 8, atMs, full };
}

/** Index of the first of the identical readings that a stuck sensor ends with; `undefined` when it is sound. */
function findStuck(readings: readonly LevelReading[]): number | undefined {
  const last = readings.at(-1);
  if (last === undefined || last.fillPercent >= CENSORED_FROM_PERCENT) return undefined;
  const first = readings.findLastIndex(({ fillPercent }) => fillPercent !== last.fillPercent) + 1;
  const since = readings[first]?.atMs ?? last.atMs;
  const isStuck = readings.length - first >= STUCK_READINGS && last.atMs - since >= STUCK_MS;
  return isStuck ? first : undefined;
}

/** Heaps above the rim and negative levels are errors of measurement to a forecast. */
function clamp(percent: number): number {
  return Math.min(100, Math.max(0, percent));
}
