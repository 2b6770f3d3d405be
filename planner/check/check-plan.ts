import type { Plan, Route } from '../problem/plan.ts';
import type { Problem, Stop, Vehicle } from '../problem/problem.ts';
import { driveRoute } from './drive-route.ts';
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
 * the solver, so that neither can hide the other's mistake.
 */
export function checkPlan(problem: Problem, plan: Plan): Certificate {
  const vehicles = new Map(problem.vehicles.map((vehicle) => [vehicle.id, vehicle]));
  const violations: Violation[] = [];
  const used = new Set<string>();
  let [cost, metres, drivingSeconds] = [0, 0, 0];
  for (const route of plan.routes) {
    const vehicle = vehicles.get(route.vehicleId);
    if (vehicle === undefined || used.has(route.vehicleId)) {
      violations.push({
        kind: vehicle ? 'vehicle-twice' : 'unknown-vehicle',
        vehicleId: route.vehicleId,
      });
      continue;
    }
    used.add(vehicle.id);
    if (!route.visits.some(({ kind }) => kind === 'stop')) continue;
    const driven = driveRoute(problem, vehicle, route);
    violations.push(...driven.violations);
    metres += driven.metres;
    drivingSeconds += driven.drivingSeconds;
    cost += routeCost(vehicle, driven);
  }
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
    vehiclesUsed: plan.routes.filter(servesSomething).length,
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

/** Stops that are served, with a violation for each that is served twice or not known. */
function countServed(problem: Problem, plan: Plan, violations: Violation[]): Set<string> {
  const known = new Map<string, Stop>(problem.stops.map((stop) => [stop.id, stop]));
  const served = new Set<string>();
  for (const { vehicleId, visits } of plan.routes) {
    for (const { kind, id } of visits) {
      if (kind !== 'stop') continue;
      if (!known.has(id)) violations.push({ kind: 'unknown-stop', stopId: id, vehicleId });
      else if (served.has(id)) violations.push({ kind: 'served-twice', stopId: id, vehicleId });
      served.add(id);
    }
  }
  return served;
}
