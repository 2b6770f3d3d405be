import type { Plan, Route, Visit } from '../problem/plan.ts';
import type { Instance } from './instance.ts';
import type { Snapshot } from './tours.ts';

/** The routes of a snapshot as a plan, vehicles without stops left out. */
export function readPlan(
  instance: Instance,
  { next, siteOf, firstSiteNode, firstBreakNode }: Snapshot,
): Plan {
  const { problem, stopCount, vehicleCount } = instance;
  const breaks = problem.vehicles.flatMap((vehicle) => vehicle.breaks);
  const visitOf = (node: number): Visit => {
    if (node < stopCount) return { kind: 'stop', id: problem.stops[node].id };
    if (node >= firstBreakNode) return { kind: 'break', id: breaks[node - firstBreakNode].id };
    return { kind: 'disposal', id: problem.disposalSites[siteOf[node - firstSiteNode]].id };
  };
  const routes: Route[] = [];
  for (let vehicle = 0; vehicle < vehicleCount; vehicle += 1) {
    const head = stopCount + 2 * vehicle;
    const visits: Visit[] = [];
    for (let node = next[head]; node !== head + 1; node = next[node]) visits.push(visitOf(node));
    if (visits.some(({ kind }) => kind === 'stop')) {
      routes.push({ vehicleId: problem.vehicles[vehicle].id, visits });
    }
  }
  return { routes };
}
