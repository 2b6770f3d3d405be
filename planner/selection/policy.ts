import type { FillRate } from './fill-rate.ts';
import type { LevelEstimate } from './estimate-level.ts';

/** A bin on the morning of a day, as a policy sees it. */
export interface BinToday {
  readonly id: string;
  readonly level: LevelEstimate;
  readonly rate: FillRate;
  readonly volumeLitres: number;
  /** When a vehicle of its stream could come: today first, then the next times. At least two, in order. */
  readonly opportunitiesMs: readonly number[];
  readonly lastEmptiedAtMs?: number;
  /** The fixed round comes by today. */
  readonly scheduled?: boolean;
  /** It must not stand longer between two emptyings, full or not. */
  readonly mostDaysBetween?: number;
  /** Its sensor or its stream says that it is full, or on fire, or fallen. */
  readonly alert?: boolean;
  /** Somebody asked for it. */
  readonly requested?: boolean;
}

export interface Today {
  /** When the choice is made. */
  readonly nowMs: number;
  /** Local time minus UTC. */
  readonly utcOffsetMs: number;
  readonly bins: readonly BinToday[];
}

/** Why a bin is to be served, may be, or stays. */
export type Reason =
  | { readonly kind: 'request' | 'alert' | 'scheduled' | 'not-scheduled' | 'can-wait' }
  | { readonly kind: 'too-old'; readonly days: number }
  | { readonly kind: 'likely-overflow' | 'worth-a-detour'; readonly chance: number }
  | { readonly kind: 'above-threshold' | 'below-threshold'; readonly thresholdPercent: number }
  | { readonly kind: 'below-floor'; readonly floorPercent: number }
  | { readonly kind: 'among-soonest-full' | 'later-than-others'; readonly fullInDays: number };

/** What a policy makes of one bin. */
export interface Choice {
  readonly id: string;
  readonly verdict: 'must' | 'may' | 'out';
  /** What leaving it out costs, in the unit of the plan's costs; only of those that may be served. */
  readonly prize: number;
  readonly reason: Reason;
  /** Level when a vehicle could come today. */
  readonly expectedPercent: number;
}

/** A rule for the day: one choice for each bin, in their order. The same day gives the same choices. */
export interface Policy {
  readonly name: string;
  choose(today: Today): readonly Choice[];
}

/**
 * Refuses what no policy can reckon with.
 * @throws RangeError naming the bin and the value.
 */
export function assertToday({ bins, nowMs }: Today): void {
  const seen = new Set<string>();
  for (const bin of bins) {
    const refuse = (what: string, value: unknown): never => {
      throw new RangeError(`Bin ${bin.id}: ${what}, got ${String(value)}`);
    };
    const { level, rate, opportunitiesMs, volumeLitres } = bin;
    if (seen.has(bin.id)) refuse('expected it once', 'it twice');
    seen.add(bin.id);
    if (!Number.isFinite(level.percent)) refuse('expected a level', level.percent);
    if (!(level.errorPoints >= 0)) refuse('expected an error of 0 or more', level.errorPoints);
    if (!(level.atMs <= nowMs)) refuse('expected a level of the past', level.atMs);
    if (!(rate.percentPerDay >= 0 && rate.percentPerDay < Infinity)) {
      refuse('expected a rate of 0 or more', rate.percentPerDay);
    }
    if (!(rate.dayVariation >= 0)) refuse('expected a variation of 0 or more', rate.dayVariation);
    if (!(rate.rateError >= 0)) refuse('expected an error of 0 or more', rate.rateError);
    if (!(volumeLitres > 0)) refuse('expected a volume', volumeLitres);
    if (opportunitiesMs.length < 2) refuse('expected two opportunities', opportunitiesMs.length);
    const inOrder = opportunitiesMs.every((atMs, i) => atMs >= (opportunitiesMs[i - 1] ?? nowMs));
    if (!inOrder) refuse('expected opportunities in order, from now on', opportunitiesMs.join());
  }
}
