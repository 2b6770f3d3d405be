import type { Stream } from '../domain/stream.ts';
import { type Random, hashText } from './random.ts';

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
 * Median growth, percent per day. Together they are Edinburgh's 335 bins of all kinds: geometric mean 31, sd of ln 0.69;
 * glass and metal fill slowly, as UC Berkeley's bottles and cans do (a third of its waste).
 */
const MEDIAN_PERCENT_PER_DAY: Record<Stream, number> = {
  litter: 43,
  paper: 32,
  plastic: 36,
  'clear-glass': 13,
  'coloured-glass': 14,
  metal: 11,
  residual: 27,
  food: 31,
};

/** Bins of a stream differ by this standard deviation of the logarithm. */
const SPREAD: Record<Stream, number> = {
  litter: 0.7,
  paper: 0.5,
  plastic: 0.5,
  'clear-glass': 0.45,
  'coloured-glass': 0.45,
  metal: 0.45,
  residual: 0.5,
  food: 0.5,
};

/** What fills faster has long been given a larger bin (Edinburgh: 95 % of bins are below 81). */
const MOST_PERCENT_PER_DAY = 82;

/**
 * The fixed rounds, by visits a week; neighbourhoods take turns. Waste comes on Sundays too, so the days lie as far apart
 * as they can.
 */
const ROUND_WEEKDAYS: readonly (readonly (readonly number[])[])[] = [
  [[1], [2], [3], [4], [5]],
  [
    [1, 5],
    [2, 6],
    [0, 3],
    [0, 4],
  ],
  [
    [0, 2, 5],
    [1, 4, 6],
    [0, 3, 5],
    [2, 4, 6],
  ],
  [
    [0, 2, 4, 6],
    [0, 1, 3, 5],
    [1, 3, 5, 6],
  ],
  [
    [0, 1, 3, 5, 6],
    [0, 2, 4, 5, 6],
  ],
  [
    [0, 1, 2, 4, 5, 6],
    [0, 1, 3, 4, 5, 6],
  ],
  [[0, 1, 2, 3, 4, 5, 6]],
];

/** Rounds are laid out so that a bin is emptied at about this level (Edinburgh: median 81, Wyndham: 80)... */
const AIMED_PERCENT = 56;
/** ...but by guess: nobody had sensors then. Standard deviation of the logarithm. */
const GUESS_SPREAD = 0.2;

/** Collections run from five to ten in the morning (UC Berkeley). */
const FIRST_ROUND_MINUTE = 5 * 60;
const LAST_ROUND_MINUTE = 10 * 60;

export function createGrowth(random: Random, stream: Stream, area: string): Growth {
  const percentPerDay = Math.min(
    MOST_PERCENT_PER_DAY,
    MEDIAN_PERCENT_PER_DAY[stream] * Math.exp(SPREAD[stream] * random.gaussian()),
  );
  const guessedPercentPerDay = percentPerDay * Math.exp(GUESS_SPREAD * random.gaussian());
  return {
    seed: Math.floor(random.unit() * 2 ** 32),
    stream,
    percentPerDay,
    roundWeekdays: weekdaysOf((7 * guessedPercentPerDay) / AIMED_PERCENT, area),
    roundMinuteOfDay: Math.floor(random.between(FIRST_ROUND_MINUTE, LAST_ROUND_MINUTE)),
  };
}

function weekdaysOf(visitsPerWeek: number, area: string): readonly number[] {
  const visits = Math.min(7, Math.max(1, Math.round(visitsPerWeek)));
  const turns = ROUND_WEEKDAYS[visits - 1] ?? [];
  return turns[hashText(area) % turns.length] ?? [];
}
