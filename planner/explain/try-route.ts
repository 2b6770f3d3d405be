import { driveRoute } from '../check/drive-route.ts';
import type { Violation } from '../check/violation.ts';
import type { Visit } from '../problem/plan.ts';
import type { Problem, Vehicle } from '../problem/problem.ts';

/** A route that was tried, and what it would break that was whole before. */
export interface Attempt {
  readonly vehicle: Vehicle;
  readonly violations: readonly Violation[];
}

/** Drives a route and leaves away what an earlier form of it broke already. */
export function tryRoute(
  problem: Problem,
  vehicle: Vehicle,
  visits: readonly Visit[],
  before: ReadonlySet<string> = new Set(),
): Attempt {
  const { violations } = driveRoute(problem, vehicle, { vehicleId: vehicle.id, visits });
  return { vehicle, violations: violations.filter((one) => !before.has(keyOf(one))) };
}

/** What a route breaks, to be left away from what its changed forms break. */
export function brokenBy(
  problem: Problem,
  vehicle: Vehicle,
  visits: readonly Visit[],
): Set<string> {
  return new Set(tryRoute(problem, vehicle, visits).violations.map(keyOf));
}

function keyOf({ kind, stopId, siteId, breakId }: Violation): string {
  return `${kind} ${stopId} ${siteId} ${breakId}`;
}

/** The better of two attempts: fewer limits broken, and then broken by less. */
export function nearer(one: Attempt | undefined, other: Attempt): Attempt {
  if (one === undefined) return other;
  const fewer = other.violations.length - one.violations.length;
  if (fewer !== 0) return fewer < 0 ? other : one;
  return excessOf(other) < excessOf(one) ? other : one;
}

/** How much is broken, for comparing attempts that break the same; what has no amount weighs more than any. */
function excessOf({ violations }: Attempt): number {
  return violations.reduce((sum, { excess = 1e6 }) => sum + excess, 0);
}
