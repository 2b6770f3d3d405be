import type { Plan, Route } from '../problem/plan.ts';
import type { Problem, Vehicle } from '../problem/problem.ts';

export interface PlanCost {
  /** Driving, vehicles used and optional stops left out, in the problem's costs and without rounding. */
  readonly cost: number;
  /** Stops left out that must be served. */
  readonly unserved: number;
}

/** What a plan costs. The search itself counts in whole numbers, see `Instance.costScale`. */
export function costOfPlan(problem: Problem, plan: Plan): PlanCost {
  const vehicles = new Map(problem.vehicles.map((vehicle) => [vehicle.id, vehicle]));
  const locations = new Map(problem.stops.map(({ id, location }) => [`stop ${id}`, location]));
  for (const { id, location } of problem.disposalSites) locations.set(`disposal ${id}`, location);
  const served = new Set<string>();
  let cost = 0;
  for (const route of plan.routes) {
    const vehicle = vehicles.get(route.vehicleId);
    if (vehicle !== undefined) cost += costOfRoute(problem, vehicle, route, locations);
    for (const { kind, id } of route.visits) if (kind === 'stop') served.add(id);
  }
  const missing = problem.stops.filter(({ id }) => !served.has(id));
  const lost = missing.reduce((sum, { prize }) => sum + (prize ?? 0), 0);
  return { cost: cost + lost, unserved: missing.filter(({ prize }) => prize === null).length };
}

function costOfRoute(
  { matrices }: Problem,
  { costs, profile, start, end, speedFactor = 1 }: Vehicle,
  { visits }: Route,
  locations: ReadonlyMap<string, number>,
): number {
  const matrix = matrices.get(profile);
  if (matrix === undefined) throw new Error(`There is no matrix of profile ${profile}`);
  const path = [
    start,
    ...visits.map(({ kind, id }) => locations.get(`${kind} ${id}`) ?? null),
    end,
  ];
  const places = path.filter((place) => place !== null);
  let metres = 0;
  let seconds = 0;
  places.slice(1).forEach((to, index) => {
    const way = places[index] * matrix.size + to;
    metres += matrix.metres[way];
    seconds += Math.round(matrix.seconds[way] / speedFactor);
  });
  return costs.fixed + (metres * costs.perKm) / 1000 + (seconds * costs.perDrivingHour) / 3600;
}
