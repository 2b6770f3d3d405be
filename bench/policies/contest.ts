import type { PolicyKind, WorldChoice } from './assignment.ts';
import type { Outcome } from './simulate.ts';
import type { SimulationPool } from './simulation-pool.ts';

/** All policies are compared where they find room for this part of the waste, percent, in the mean of the seeds. */
export const AIMED_SERVICE_LEVEL = 99.5;

/** A policy, and the values of its parameter to try: from the cheapest to the safest. */
interface Entry {
  readonly kind: PolicyKind;
  readonly values: readonly number[];
  /** What it chooses is what is served, so the service level can be told without routes. */
  readonly tunedWithoutRoutes: boolean;
}

export interface Tried {
  readonly label: string;
  /** By seed. */
  readonly outcomes: readonly Outcome[];
  readonly routed: boolean;
}

export interface Standing {
  readonly kind: PolicyKind;
  readonly tried: readonly Tried[];
  /** The first that reaches the service level, else the safest. */
  readonly best: Tried;
}

/** Bins a day, as parts of all bins. */
const SHARES = [0.15, 0.155, 0.16, 0.165, 0.17, 0.18, 0.2, 0.22, 0.24, 0.27, 0.3, 0.4];
const THRESHOLDS = [80, 75, 70, 68, 66, 64, 62, 60, 55, 50, 40, 30];

export function entriesFor(binCount: number, overflowKm: readonly number[]): readonly Entry[] {
  const counts = [...new Set(SHARES.map((share) => Math.round(share * binCount)))];
  const metres = overflowKm.map((km) => 1000 * km);
  return [
    { kind: 'fixed schedule', values: [0], tunedWithoutRoutes: false },
    { kind: 'threshold', values: THRESHOLDS, tunedWithoutRoutes: true },
    { kind: 'soonest full', values: counts, tunedWithoutRoutes: true },
    { kind: 'prizes', values: metres, tunedWithoutRoutes: false },
    { kind: 'oracle', values: metres, tunedWithoutRoutes: false },
  ];
}

function labelOf(kind: PolicyKind, value: number): string {
  switch (kind) {
    case 'fixed schedule':
      return kind;
    case 'threshold':
      return `${kind} ${value} %`;
    case 'soonest full':
      return `${value} ${kind}`;
    case 'prizes':
    case 'oracle':
      return `${kind}, ${value / 1000} km an overflow`;
  }
}

/** Tries an entry's values until one reaches the service level. */
export async function stand(
  { kind, values, tunedWithoutRoutes }: Entry,
  worlds: readonly WorldChoice[],
  {
    pool,
    iterations,
    tell,
  }: {
    readonly pool: SimulationPool;
    readonly iterations: number;
    readonly tell: (line: string) => void;
  },
): Promise<Standing> {
  const tried: Tried[] = [];
  for (const value of values) {
    const run = async (routed: boolean): Promise<number> => {
      const outcomes = await pool.run(
        worlds.map((world) => ({
          ...{ world, policy: { kind, value } },
          iterations: routed ? iterations : 0,
        })),
      );
      const label = labelOf(kind, value);
      tried.push({ label, outcomes, routed });
      const level = serviceOf({ outcomes });
      tell(`${label}${routed ? '' : ' (without routes)'}: ${level.toFixed(2)} %`);
      return level;
    };
    const isLast = value === values.at(-1);
    if (tunedWithoutRoutes && !isLast && (await run(false)) < AIMED_SERVICE_LEVEL) continue;
    if ((await run(true)) >= AIMED_SERVICE_LEVEL) break;
  }
  const best = tried.at(-1);
  if (best === undefined) throw new Error(`${kind} has no values to try`);
  return { kind, tried, best };
}

export function serviceOf({ outcomes }: Pick<Tried, 'outcomes'>): number {
  return meanOf(outcomes, ({ serviceLevel }) => serviceLevel);
}

export function meanOf(outcomes: readonly Outcome[], read: (one: Outcome) => number): number {
  return outcomes.reduce((sum, one) => sum + read(one), 0) / outcomes.length;
}
