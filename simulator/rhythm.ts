import type { Stream } from '../domain/stream.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** The town keeps Swedish winter time all year: an hour's shift in summer changes no rhythm worth modelling. */
const LOCAL_OFFSET_MS = HOUR_MS;

/** 1 January 1970 was a Thursday. */
const EPOCH_WEEKDAY = 4;

/** Number of the local day, days since 1970. */
export function localDay(atMs: number): number {
  return Math.floor((atMs + LOCAL_OFFSET_MS) / DAY_MS);
}

/** When a local day begins, ms since 1970. */
export function dayStartMs(day: number): number {
  return day * DAY_MS - LOCAL_OFFSET_MS;
}

/** Weekday of a local day, 0 = Sunday. */
export function weekdayOf(day: number): number {
  return (((day + EPOCH_WEEKDAY) % 7) + 7) % 7;
}

type Habit = 'street' | 'household' | 'station';

const HABITS: Record<Stream, Habit> = {
  litter: 'street',
  residual: 'household',
  food: 'household',
  paper: 'station',
  plastic: 'station',
  'clear-glass': 'station',
  'coloured-glass': 'station',
  metal: 'station',
};

/** Share of a day's waste by hour, relative; day far above night. */
const HOUR_WEIGHTS: Record<Habit, readonly number[]> = {
  street: [1, 1, 1, 0, 0, 1, 2, 4, 6, 6, 7, 9, 11, 10, 9, 9, 10, 10, 8, 6, 5, 4, 3, 2],
  household: [0, 0, 0, 0, 0, 1, 4, 8, 6, 3, 3, 4, 5, 4, 3, 4, 6, 9, 11, 11, 8, 5, 3, 1],
  station: [0, 0, 0, 0, 0, 0, 1, 3, 5, 7, 9, 11, 11, 10, 9, 9, 9, 8, 7, 5, 3, 1, 0, 0],
};

/** Factor by weekday from Sunday; the mean is about 1. */
const WEEKDAY_FACTORS: Record<Habit, readonly number[]> = {
  street: [1, 0.85, 0.85, 0.9, 1, 1.2, 1.2],
  household: [1.2, 1.05, 0.9, 0.9, 0.9, 0.95, 1.1],
  station: [1.2, 0.9, 0.85, 0.85, 0.9, 1.05, 1.2],
};

export function weekdayFactor(stream: Stream, weekday: number): number {
  return WEEKDAY_FACTORS[HABITS[stream]][weekday] ?? 1;
}

export function hourWeights(stream: Stream): readonly number[] {
  return HOUR_WEIGHTS[HABITS[stream]];
}
