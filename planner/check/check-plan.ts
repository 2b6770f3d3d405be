import type { Plan, Route } from '../problem/plan.ts';
import type { Problem, Vehicle } from '../problem/problem.ts';
import { driveRoute } from './drive-route.ts';
import { indexProblem } from './problem-index.ts';
import type { Violation } from './violation.ts';

/** What a plan comes to when it is driven. */
export interface Certificate {
  readonly feasible: boolean;
  readonly violations: readonly Violation[];
  /** Driving and vehicles, and the prizes of optional stops left out. */
  readonly cost: number;
  readonly metres: number;
  readonly drivingSeconds: number;
  readonly vehiclesUsed: number;
  readonly stopsServed: number;
  /** Optional stops left out. */
  readonly leftOut: readonly string[];
}

/**
 * Drives a plan from the text of the problem alone, and says what it costs and which limits it breaks. Shares no code with
 * the solver, so that neither can hide the other's mistake. A route without stops is not driven: its vehicle stays where it is.
 */
export function checkPlan(problem: Problem, plan: Plan): Certificate {
  const { vehicles } = indexProblem(problem);
  const violations: Violation[] = [];
  const used = new Set<string>();
  let [cost, metres, drivingSeconds] = [0, 0, 0];
  for (const route of plan.routes) {
    const { vehicleId } = route;
    const vehicle = vehicles.get(vehicleId);
    if (vehicle === undefined || used.has(vehicleId)) {
      violations.push({ kind: vehicle ? 'vehicle-twice' : 'unknown-vehicle', vehicleId });
      continue;
    }
    if (!servesSomething(route)) continue;
    used.add(vehicleId);
    const driven = driveRoute(problem, vehicle, route);
    for (const violation of driven.violations) violations.push(violation);
    metres += driven.metres;
    drivingSeconds += driven.drivingSeconds;
    cost += routeCost(vehicle, driven);
  }
  violations.push(...idleFirstStops(problem, used));
  const served = countServed(problem, plan, violations);
  const missing = problem.stops.filter(({ id }) => !served.has(id));
  const leftOut = missing.filter(({ prize }) => prize !== null);
  for (const { id, prize } of missing) {
    if (prize === null) violations.push({ kind: 'not-served', stopId: id });
  }
  return {
    feasible: violations.length === 0,
    violations,
    cost: cost + leftOut.reduce((sum, { prize }) => sum + (prize ?? 0), 0),
    ...{ metres, drivingSeconds },
    vehiclesUsed: used.size,
    stopsServed: served.size,
    leftOut: leftOut.map(({ id }) => id),
  };
}

function servesSomething({ visits }: Route): boolean {
  return visits.some(({ kind }) => kind === 'stop');
}

function routeCost(
  { costs }: Vehicle,
  { metres, drivingSeconds }: { readonly metres: number; readonly drivingSeconds: number },
): number {
  return (
    costs.fixed + (metres * costs.perKm) / 1000 + (drivingSeconds * costs.perDrivingHour) / 3600
  );
}

/** A vehicle that has stops to serve first must not stay where it is. */
function idleFirstStops({ vehicles }: Problem, used: ReadonlySet<string>): Violation[] {
  return vehicles.flatMap(({ id, firstStops: [stopId] = [] }): Violation[] =>
    stopId === undefined || used.has(id) ? [] : [{ kind: 'first-stops', vehicleId: id, stopId }],
  );
}

/** Stops that are served, with a violation for each that is served twice or not known. */
function countServed(problem: Problem, plan: Plan, violations: Violation[]): Set<string> {
  const { stops } = indexProblem(problem);
  const served = new Set<string>();
  for (const { vehicleId, visits } of plan.routes) {
    for (const { kind, id } of visits) {
      if (kind !== 'stop') continue;
      if (!stops.has(id)) violations.push({ kind: 'unknown-stop', stopId: id, vehicleId });
      else if (served.has(id)) violations.push({ kind: 'served-twice', stopId: id, vehicleId });
      else served.add(id);
    }
  }
  return served;
}
