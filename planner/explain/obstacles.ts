import type { Problem, Stop } from '../problem/problem.ts';
import type { Obstacle } from './explanation.ts';
import { nearer } from './try-route.ts';
import type { Attempt } from './try-route.ts';
import { violationWords } from './violation-words.ts';

/** Ways worth telling. */
const MOST = 3;

/** The nearest attempts in words: the best one for each set of limits that is broken. */
export function describeAttempts(
  problem: Problem,
  stop: Stop,
  attempts: readonly Attempt[],
): Obstacle[] {
  const byLimits = new Map<string, Attempt>();
  for (const attempt of attempts) {
    const key = attempt.violations.map(({ kind }) => kind).join(' ');
    byLimits.set(key, nearer(byLimits.get(key), attempt));
  }
  return [...byLimits.values()]
    .toSorted((one, other) => (nearer(one, other) === one ? -1 : 1))
    .slice(0, MOST)
    .map(({ vehicle, violations }) => {
      const words = violations.map((one) => violationWords(one, problem.units, stop.id));
      return {
        ...{ vehicleId: vehicle.id, violations },
        reason: `vehicle ${vehicle.id}: ${words.map(({ reason }) => reason).join('; ')}`,
        fix: words.map(({ fix }) => fix).join(' and '),
      };
    });
}
