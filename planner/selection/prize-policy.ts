import { alwaysMust } from './always-must.ts';
import { expectedPercent, overflowChance, overflowChanceWhenServed } from './forecast.ts';
import { assertToday } from './policy.ts';
import type { BinToday, Choice, Policy, Today } from './policy.ts';

export interface PrizeOptions {
  /** What an overflow costs, in the unit of the plan's costs. */
  readonly overflowCost: number;
  /**
   * How much an overflow before each of the next opportunities counts: first before the next one, which today's visit alone
   * can prevent; then before the one after it, and so on.
   */
  readonly horizonWeights: readonly number[];
  /** Above this chance to overflow before the next opportunity it must be served. */
  readonly mustAbove: number;
  /** Below this level it is not worth a visit... */
  readonly floorPercent: number;
  /** ...unless the detour costs no more than this. */
  readonly floorPrize: number;
  /** A prize below this is not worth looking at. */
  readonly leastPrize: number;
}

/** For costs in metres. `docs/policies.md` says how they were found. */
export const PRIZE_DEFAULTS: PrizeOptions = {
  overflowCost: 4000,
  horizonWeights: [1, 0.1],
  mustAbove: 0.99,
  floorPercent: 30,
  floorPrize: 20,
  leastPrize: 5,
};

/**
 * Prizes for the solver, which chooses bins and their order together: leaving a bin out costs what an overflow costs, times
 * the part of its chance that a visit today takes away (after Wouda et al. 2024, arXiv:2409.13386).
 * @throws RangeError for options that are not numbers, or chances beyond 1.
 */
export function prizes(options: Partial<PrizeOptions> = {}): Policy {
  const settings = { ...PRIZE_DEFAULTS, ...options };
  assertOptions(settings);
  return {
    name: `prizes, ${settings.overflowCost / 1000} km an overflow`,
    choose: (today) => {
      assertToday(today);
      return today.bins.map((bin) => choose(bin, today, settings));
    },
  };
}

function choose(bin: BinToday, today: Today, options: PrizeOptions): Choice {
  const expected = expectedPercent(bin, today);
  const choice = { id: bin.id, prize: 0, expectedPercent: expected };
  const must = alwaysMust(bin);
  if (must !== undefined) return { ...choice, verdict: 'must', reason: must };
  const [, next = 0] = bin.opportunitiesMs;
  const chance = overflowChance(bin, next, today.utcOffsetMs);
  if (chance > options.mustAbove) {
    return { ...choice, verdict: 'must', reason: { kind: 'likely-overflow', chance } };
  }
  const { floorPercent, floorPrize } = options;
  const prize = options.overflowCost * preventable(bin, today, options.horizonWeights);
  if (prize < options.leastPrize) {
    return { ...choice, verdict: 'out', reason: { kind: 'can-wait' } };
  }
  if (expected < floorPercent) {
    const reason = { kind: 'below-floor', floorPercent } as const;
    const limited = Math.min(prize, floorPrize);
    return { ...choice, verdict: limited > 0 ? 'may' : 'out', prize: limited, reason };
  }
  return { ...choice, verdict: 'may', prize, reason: { kind: 'worth-a-detour', chance } };
}

/** The chances of overflow that a visit today takes away, each with its weight. */
function preventable(bin: BinToday, { utcOffsetMs }: Today, weights: readonly number[]): number {
  const [today = 0, ...later] = bin.opportunitiesMs;
  let sum = 0;
  weights.forEach((weight, index) => {
    const untilMs = later[index];
    if (untilMs === undefined || weight === 0) return;
    const skipped = overflowChance(bin, untilMs, utcOffsetMs);
    const served = overflowChanceWhenServed(bin, today, untilMs, utcOffsetMs);
    sum += weight * Math.max(0, skipped - served);
  });
  return sum;
}

function assertOptions(options: PrizeOptions): void {
  const { horizonWeights, ...numbers } = options;
  for (const [name, value] of [...Object.entries(numbers), ...horizonWeights.entries()]) {
    if (value >= 0 && value < Infinity) continue;
    throw new RangeError(`Expected ${name} to be a number of 0 or more, got ${value}`);
  }
  if (options.mustAbove > 1) {
    throw new RangeError(`Expected mustAbove to be at most 1, got ${options.mustAbove}`);
  }
}
