import { checkPlan } from '../check/check-plan.ts';
import { indexProblem } from '../check/problem-index.ts';
import type { Plan, Route, Visit } from '../problem/plan.ts';
import type { Problem, Stop, Vehicle } from '../problem/problem.ts';
import { obstaclesAlone } from './explain-alone.ts';
import type { Explanation, Obstacle } from './explanation.ts';
import { describeAttempts } from './obstacles.ts';
import { tryAlone } from './try-alone.ts';
import { brokenBy, nearer, tryRoute } from './try-route.ts';
import type { Attempt } from './try-route.ts';
import { vehicleKinds, vehiclesFor } from './vehicle-kinds.ts';

/** So many stops are tried at every place of every route; it takes up to some hundred milliseconds each. */
const MOST_TRIED = 20;

export interface PlanExplanations {
  readonly explanations: readonly Explanation[];
  /** Stops left out beyond those that were looked into. */
  readonly notExplained: readonly string[];
}

/**
 * Why stops are not served by a plan: those that had to be, and those that no vehicle could serve. An optional stop that
 * costs more than its prize needs no reason.
 */
export function explainPlan(problem: Problem, plan: Plan): PlanExplanations {
  const { violations, leftOut } = checkPlan(problem, plan);
  const { stops } = indexProblem(problem);
  const kinds = vehicleKinds(problem);
  const missing = violations.flatMap(({ kind, stopId }) => {
    const stop = kind === 'not-served' ? stops.get(stopId ?? '') : undefined;
    return stop === undefined ? [] : [stop];
  });
  const optional = leftOut.flatMap((id): Explanation[] => {
    const stop = stops.get(id);
    const obstacles = stop === undefined ? undefined : obstaclesAlone(problem, kinds, stop);
    return obstacles === undefined ? [] : [{ stopId: id, must: false, when: 'alone', obstacles }];
  });
  return {
    explanations: [
      ...missing.slice(0, MOST_TRIED).map((stop) => explainMissing(problem, plan, kinds, stop)),
      ...optional,
    ],
    notExplained: missing.slice(MOST_TRIED).map(({ id }) => id),
  };
}

function explainMissing(
  problem: Problem,
  plan: Plan,
  kinds: readonly Vehicle[],
  stop: Stop,
): Explanation {
  const alone = obstaclesAlone(problem, kinds, stop);
  if (alone !== undefined) {
    return { stopId: stop.id, must: true, when: 'alone', obstacles: alone };
  }
  const { vehicles } = indexProblem(problem);
  const attempts = plan.routes.flatMap((route) => {
    const vehicle = vehicles.get(route.vehicleId);
    return vehicle === undefined ? [] : tryEverywhere(problem, vehicle, route, stop);
  });
  const idle = oneMoreVehicle(problem, plan, kinds, stop);
  const obstacles = describeAttempts(
    problem,
    stop,
    attempts.filter(({ violations }) => violations.length > 0),
  );
  return { stopId: stop.id, must: true, when: 'with-others', obstacles: [...obstacles, ...idle] };
}

/** What each place in a route would break; with an unloading right before or after the stop, too. The best of each set of limits. */
function tryEverywhere(
  problem: Problem,
  vehicle: Vehicle,
  { visits }: Route,
  stop: Stop,
): Attempt[] {
  const before = brokenBy(problem, vehicle, visits);
  const best = new Map<string, Attempt>();
  const own: Visit = { kind: 'stop', id: stop.id };
  const unloadings = nearestSite(problem, vehicle, stop).map((id): Visit => ({
    kind: 'disposal',
    id,
  }));
  const forms = [
    [own],
    ...unloadings.flatMap((unload) => [
      [own, unload],
      [unload, own],
    ]),
  ];
  for (let at = 0; at <= visits.length; at += 1) {
    for (const form of forms) {
      const attempt = tryRoute(problem, vehicle, visits.toSpliced(at, 0, ...form), before);
      const key = attempt.violations.map(({ kind }) => kind).join(' ');
      best.set(key, nearer(best.get(key), attempt));
    }
  }
  return [...best.values()];
}

/** The disposal site that is nearest to a stop, of those a vehicle may use; none if there is none. */
function nearestSite(problem: Problem, { id, profile }: Vehicle, { location }: Stop): string[] {
  const matrix = problem.matrices.get(profile);
  const secondsTo = (place: number): number =>
    matrix?.seconds[location * matrix.size + place] ?? Infinity;
  const [nearest] = problem.disposalSites
    .filter(({ vehicleIds }) => vehicleIds?.includes(id) ?? true)
    .toSorted((one, other) => secondsTo(one.location) - secondsTo(other.location));
  return nearest === undefined ? [] : [nearest.id];
}

/** A vehicle of a kind that could serve the stop, if there were one more than the plan uses. */
function oneMoreVehicle(
  problem: Problem,
  plan: Plan,
  kinds: readonly Vehicle[],
  stop: Stop,
): Obstacle[] {
  if (stop.vehicleId !== undefined) return [];
  const findAble = (vehicles: readonly Vehicle[]): Vehicle | undefined =>
    vehiclesFor(problem, vehicles, stop).find(
      (vehicle) => tryAlone(problem, vehicle, stop).violations.length === 0,
    );
  const used = new Set(plan.routes.map(({ vehicleId }) => vehicleId));
  const idle = problem.vehicles.filter(({ id }) => !used.has(id));
  const free = findAble(vehicleKinds({ ...problem, vehicles: idle }));
  if (free !== undefined) {
    const reason = `vehicle ${free.id} could serve it, but the search found no place for it`;
    return [{ vehicleId: free.id, violations: [], reason, fix: 'a longer search' }];
  }
  const like = findAble(kinds);
  if (like === undefined) return [];
  const reason = 'every vehicle that could serve it is out';
  return [{ vehicleId: like.id, violations: [], reason, fix: `one more vehicle like ${like.id}` }];
}
