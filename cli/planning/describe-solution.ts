import type { Certificate } from '../../planner/check/check-plan.ts';
import { driveRoute } from '../../planner/check/drive-route.ts';
import type { Violation } from '../../planner/check/violation.ts';
import type { PlanExplanations } from '../../planner/explain/explain-plan.ts';
import type { Explanation } from '../../planner/explain/explanation.ts';
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
  /** Why stops are not served. */
  readonly explanations: readonly Explanation[];
  /** What the file says otherwise than it is planned. */
  readonly notes: readonly string[];
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
  { explanations, notExplained }: PlanExplanations,
): SolutionDescription {
  const { perMetre, perSecond } = problem.units;
  // Times of the day are given back as the file counts them.
  const inFile = (time: number): number => time / perSecond + (problem.timeOrigin ?? 0);
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
    violations: certificate.violations.map((one) => inWholeUnits(one, problem)),
    explanations: explanations.map((each) => ({
      ...each,
      obstacles: each.obstacles.map((obstacle) => ({
        ...obstacle,
        violations: obstacle.violations.map((one) => inWholeUnits(one, problem)),
      })),
    })),
    notes: [
      ...(problem.notes ?? []),
      ...(notExplained.length === 0
        ? []
        : [`why ${notExplained.length} more stops are not served was not looked into`]),
    ],
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
        endSeconds: inFile(driven.endsAt),
        visits: driven.visits.map(({ visit, arrival, start }) => ({
          ...{ kind: visit.kind, id: visit.id },
          arrivalSeconds: inFile(arrival),
          startSeconds: inFile(start),
        })),
      };
    }),
  };
}

function inWholeUnits(violation: Violation, { units }: Problem): Violation {
  const { excess, unit } = violation;
  if (excess === undefined) return violation;
  if (unit === 'seconds') return { ...violation, excess: excess / units.perSecond };
  return unit === 'metres' ? { ...violation, excess: excess / units.perMetre } : violation;
}

/** The same for people: the routes in a line each, and what the check says of them. */
export function solutionToText(solution: SolutionDescription): string {
  const routes = solution.routes.map(
    ({ vehicleId, visits }) => `route ${vehicleId}: ${visits.map(visitToText).join(' ')}`,
  );
  const leftOut = solution.leftOut.length === 0 ? [] : [`left out: ${solution.leftOut.join(' ')}`];
  return [
    ...routes,
    ...leftOut,
    ...solution.explanations.map(explanationToText),
    ...solution.violations.map(violationToText),
    `vehicles ${solution.vehicles}, stops ${solution.stopsServed}, distance ${solution.metres}`,
    `cost ${solution.cost}`,
    `feasible ${solution.feasible ? 'yes' : 'no'}`,
  ]
    .map(withoutControls)
    .join('\n');
}

function visitToText({ kind, id }: { readonly kind: string; readonly id: string }): string {
  if (kind === 'stop') return id;
  return kind === 'disposal' ? `[${id}]` : `(${id})`;
}

/** Why a stop is not served and what would help, in a line. */
export function explanationToText({ stopId, when, obstacles }: Explanation): string {
  const whose = when === 'alone' ? 'no vehicle can serve it' : 'it does not fit in';
  const ways = obstacles.map(({ reason, fix }) => `${reason} (would help: ${fix})`);
  return withoutControls(`stop ${stopId}: ${whose}: ${ways.join('; or ')}`);
}

function violationToText(violation: Violation): string {
  const { kind, vehicleId, stopId, siteId, breakId, excess, unit } = violation;
  const parts = [
    kind,
    ...(vehicleId === undefined ? [] : [`vehicle ${vehicleId}`]),
    ...(stopId === undefined ? [] : [`stop ${stopId}`]),
    ...(siteId === undefined ? [] : [`site ${siteId}`]),
    ...(breakId === undefined ? [] : [`break ${breakId}`]),
    ...(excess === undefined ? [] : [`by ${excess} ${unit ?? ''}`.trim()]),
  ];
  return `violation: ${parts.join(', ')}`;
}

/** Names come from a file: a control character could rewrite the operator's screen. */
function withoutControls(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\uFFFD');
}
