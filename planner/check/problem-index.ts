import type { DisposalSite, Problem, Stop, Vehicle } from '../problem/problem.ts';

/** Everything of a problem by its id. */
export interface ProblemIndex {
  readonly vehicles: ReadonlyMap<string, Vehicle>;
  readonly stops: ReadonlyMap<string, Stop>;
  readonly sites: ReadonlyMap<string, DisposalSite>;
}

/** Problems do not change, so each is indexed once for as long as it lives. */
const KNOWN = new WeakMap<Problem, ProblemIndex>();

export function indexProblem(problem: Problem): ProblemIndex {
  const known = KNOWN.get(problem);
  if (known !== undefined) return known;
  const index: ProblemIndex = {
    vehicles: new Map(problem.vehicles.map((vehicle) => [vehicle.id, vehicle])),
    stops: new Map(problem.stops.map((stop) => [stop.id, stop])),
    sites: new Map(problem.disposalSites.map((site) => [site.id, site])),
  };
  KNOWN.set(problem, index);
  return index;
}
