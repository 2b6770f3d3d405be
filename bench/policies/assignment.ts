import type { Policy } from '../../planner/selection/policy.ts';
import { prizes } from '../../planner/selection/prize-policy.ts';
import { fixedSchedule, soonestFull, threshold } from '../../planner/selection/simple-policies.ts';
import { townWorld } from './town-world.ts';
import type { World } from './world.ts';
import { wyndhamWorld } from './wyndham-world.ts';

export type PolicyKind = 'fixed schedule' | 'threshold' | 'soonest full' | 'prizes' | 'oracle';

/** A policy with its parameter: percent, bins a day, or metres for an overflow. */
export interface PolicyChoice {
  readonly kind: PolicyKind;
  readonly value: number;
}

export interface WorldChoice {
  readonly kind: 'town' | 'wyndham';
  readonly seed: number;
  readonly days: number;
  /** Of the town. */
  readonly binCount: number;
}

/** One simulation. */
export interface Assignment {
  readonly world: WorldChoice;
  readonly policy: PolicyChoice;
  /** Steps of the search for each day; 0: no routes. */
  readonly iterations: number;
}

export function createPolicy({ kind, value }: PolicyChoice): Policy {
  switch (kind) {
    case 'fixed schedule':
      return fixedSchedule();
    case 'threshold':
      return threshold(value);
    case 'soonest full':
      return soonestFull(value);
    case 'prizes':
    case 'oracle':
      return prizes({ overflowCost: value });
  }
}

/** Throws where the data of the world are absent. */
export function createWorld({ kind, seed, days, binCount }: WorldChoice): World {
  const world = kind === 'town' ? townWorld({ seed, binCount, days }) : wyndhamWorld(seed, days);
  if (world === undefined) throw new Error(`The data of ${kind} are not here`);
  return world;
}
