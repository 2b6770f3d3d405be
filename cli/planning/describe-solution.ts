import type { Certificate } from '../../planner/check/check-plan.ts';
import { driveRoute } from '../../planner/check/drive-route.ts';
import type { Violation } from '../../planner/check/violation.ts';
import type { Problem } from '../../planner/problem/problem.ts';
import type { Solution } from '../../planner/solve.ts';

/** A plan as it is printed: costs, metres and seconds in whole units, also where a benchmark counts in tenths. */
export interface SolutionDescription {
  readonly name: string;
  readonly cost: number;
  readonly feasible: boolean;
  readonly vehicles: number;
  readonly metres: number;
  readonly drivingSeconds: number;
  readonly stopsServed: number;
  readonly leftOut: readonly string[];
  readonly violations: readonly Violation[];
  readonly iterations: number;
  readonly elapsedSeconds: number;
  readonly routes: readonly RouteDescription[];
}

interface RouteDescription {
  readonly vehicleId: string;
  readonly metres: number;
  readonly drivingSeconds: number;
  readonly endSeconds: number;
  readonly visits: readonly {
    readonly kind: string;
    readonly id: string;
    readonly arrivalSeconds: number;
    readonly startSeconds: number;
  }[];
}

export function describeSolution(
  problem: Problem,
  { plan, iterations, elapsedSeconds }: Solution,
  certificate: Certificate,
): SolutionDescription {
  const { perMetre, perSecond } = problem.units;
  const vehicles = new Map(problem.vehicles.map((vehicle) => [vehicle.id, vehicle]));
  return {
    name: problem.name,
    cost: certificate.cost / perMetre,
    feasible: certificate.feasible,
    vehicles: certificate.vehiclesUsed,
    metres: certificate.metres / perMetre,
    drivingSeconds: certificate.drivingSeconds / perSecond,
    stopsServed: certificate.stopsServed,
    leftOut: certificate.leftOut,
    violations: certificate.violations,
    iterations,
    elapsedSeconds: Math.round(elapsedSeconds * 1000) / 1000,
    routes: plan.routes.flatMap((route) => {
      const vehicle = vehicles.get(route.vehicleId);
      if (vehicle === undefined) return [];
      const driven = driveRoute(problem, vehicle, route);
      return {
        vehicleId: vehicle.id,
        metres: driven.metres / perMetre,
        drivingSeconds: driven.drivingSeconds / perSecond,
        endSeconds: driven.endsAt / perSecond,
        visits: driven.visits.map(({ visit, arrival, start }) => ({
          ...{ kind: visit.kind, id: visit.id },
          arrivalSeconds: arrival / perSecond,
          startSeconds: start / perSecond,
        })),
      };
    }),
  };
}

/** The same for people: the routes in a line each, and what the check says of them. */
export function solutionToText(solution: SolutionDescription): string {
  const routes = solution.routes.map(
    ({ vehicleId, visits }) =>
      `route ${vehicleId}: ${visits.map(({ kind, id }) => (kind === 'stop' ? id : `[${id}]`)).join(' ')}`,
  );
  const violations = solution.violations.map(
    ({ kind, vehicleId, stopId, excess }) =>
      `violation: ${[
        kind,
        vehicleId && `vehicle ${vehicleId}`,
        stopId && `stop ${stopId}`,
        excess && `by ${excess}`,
      ]
        .filter(Boolean)
        .join(', ')}`,
  );
  const leftOut = solution.leftOut.length === 0 ? [] : [`left out: ${solution.leftOut.join(' ')}`];
  return [
    ...routes,
    ...leftOut,
    ...violations,
    `vehicles ${solution.vehicles}, stops ${solution.stopsServed}, distance ${solution.metres}`,
    `cost ${solution.cost}`,
    `feasible ${solution.feasible ? 'yes' : 'no'}`,
  ].join('\n');
}
