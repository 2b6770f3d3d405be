import type { Stream } from '../domain/stream.ts';
import type { Random } from './random.ts';

/** How a bin fills and when the fixed round comes by. */
export interface Growth {
  readonly seed: number;
  readonly stream: Stream;
  /** Mean growth, percent of the usable volume per day. */
  readonly percentPerDay: number;
  /** Days of the round, 0 = Sunday, in local time. */
  readonly roundWeekdays: readonly number[];
  /** When the truck usually stands here, minutes after local midnight. */
  readonly roundMinuteOfDay: number;
}

/**
 * Median growth, percent per day. Litter: Edinburgh's 335 bins have a geometric mean of 31 with sd of ln 0.69, UC
 * Berkeley 19; the rest is set so that the fixed rounds come when a typical container is one third to four fifths full.
 */
const MEDIAN_PERCENT_PER_DAY: Record<Stream, number> = {
  litter: 22,
  paper: 19,
  plastic: 19,
  'clear-glass': 7,
  'coloured-glass': 7.5,
  metal: 5,
  residual: 10.5,
  food: 17,
};

/** Bins of a stream differ by this standard deviation of the logarithm. */
const SPREAD: Record<Stream, number> = {
  litter: 0.6,
  paper: 0.45,
  plastic: 0.45,
  'clear-glass': 0.45,
  'coloured-glass': 0.45,
  metal: 0.45,
  residual: 0.4,
  food: 0.4,
};

const ROUND_WEEKDAYS: Record<Stream, readonly number[]> = {
  litter: [2, 5],
  paper: [1, 4],
  plastic: [1, 4],
  'clear-glass': [3],
  'coloured-glass': [3],
  metal: [3],
  residual: [2],
  food: [1, 4],
};
/** The centre is swept three times a week. */
const CENTRE_LITTER_WEEKDAYS: readonly number[] = [1, 3, 5];

/** Collections run from five to ten in the morning (UC Berkeley). */
const FIRST_ROUND_MINUTE = 5 * 60;
const LAST_ROUND_MINUTE = 10 * 60;

export function createGrowth(random: Random, stream: Stream, area: string): Growth {
  const inCentre = stream === 'litter' && area === 'Centrum';
  return {
    seed: Math.floor(random.unit() * 2 ** 32),
    stream,
    percentPerDay: MEDIAN_PERCENT_PER_DAY[stream] * Math.exp(SPREAD[stream] * random.gaussian()),
    roundWeekdays: inCentre ? CENTRE_LITTER_WEEKDAYS : ROUND_WEEKDAYS[stream],
    roundMinuteOfDay: Math.floor(random.between(FIRST_ROUND_MINUTE, LAST_ROUND_MINUTE)),
  };
}
