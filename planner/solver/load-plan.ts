import type { Plan } from '../problem/plan.ts';
import type { Tours } from './tours.ts';

/** Puts a plan into empty routes. What the problem does not know, or what breaks a limit, is left out and put elsewhere later. */
export function loadPlan(tours: Tours, plan: Plan): void {
  const { problem } = tours.instance;
  const vehicles = new Map(problem.vehicles.map(({ id }, index) => [id, index]));
  const stops = new Map(problem.stops.map(({ id }, index) => [id, index]));
  const sites = new Map(problem.disposalSites.map(({ id }, index) => [id, index]));
  for (const { vehicleId, visits } of plan.routes) {
    const vehicle = vehicles.get(vehicleId);
    if (vehicle === undefined) continue;
    let after = tours.head(vehicle);
    for (const { kind, id } of visits) {
      if (kind === 'break') {
        // Breaks are in the route from the beginning: the next one moves here.
        const pause = tours.next[after];
        if (tours.isBreak(pause)) after = pause;
        continue;
      }
      const stop = kind === 'stop' ? stops.get(id) : undefined;
      const site = kind === 'disposal' ? sites.get(id) : undefined;
      if (stop !== undefined && tours.route[stop] !== -1) continue;
      const node = stop ?? (site === undefined ? undefined : tours.takeSite(site));
      if (node === undefined) continue;
      tours.insertAfter(node, after);
      after = node;
    }
    if (!tours.refresh(vehicle)) emptyRoute(tours, vehicle);
  }
}

function emptyRoute(tours: Tours, vehicle: number): void {
  const tail = tours.tail(vehicle);
  for (let node = tours.next[tours.head(vehicle)]; node !== tail;) {
    const following = tours.next[node];
    if (!tours.isBreak(node)) tours.remove(node);
    node = following;
  }
  tours.refresh(vehicle);
}
