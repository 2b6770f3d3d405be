import type { Plan, Visit } from '../problem/plan.ts';
import type { Problem } from '../problem/problem.ts';
import { Fit } from './insertion.ts';
import type { Tours } from './tours.ts';

/** Sites that a given plan may lack at the end of a route. */
const MOST_SITES = 3;

/**
 * Puts a plan into empty routes. What the problem does not know is left out; of a route that breaks a limit the last stops
 * are left out, until it breaks none. The first stops of a vehicle come first whatever the plan says, and stay.
 */
export function loadPlan(tours: Tours, plan: Plan): void {
  const { problem } = tours.instance;
  const loader = new Loader(tours);
  const firstStops = new Set(problem.vehicles.flatMap((vehicle) => vehicle.firstStops ?? []));
  const routes = new Map(plan.routes.map((route) => [route.vehicleId, route.visits]));
  problem.vehicles.forEach((vehicle, index) => {
    const visits = routes.get(vehicle.id) ?? [];
    loader.load(index, putFirst(visits, vehicle.firstStops ?? [], firstStops));
  });
}

/** The visits with those to the first stops in front, unless they are there already. */
function putFirst(
  visits: readonly Visit[],
  own: readonly string[],
  all: ReadonlySet<string>,
): readonly Visit[] {
  const stops = visits.filter(({ kind }) => kind === 'stop');
  const isOther = ({ kind, id }: Visit, known: ReadonlySet<string>): boolean =>
    kind === 'stop' && known.has(id);
  if (own.every((id, index) => stops[index]?.id === id)) {
    const others = new Set([...all].filter((id) => !own.includes(id)));
    return visits.filter((visit) => !isOther(visit, others));
  }
  return [
    ...own.map((id): Visit => ({ kind: 'stop', id })),
    ...visits.filter((visit) => !isOther(visit, all)),
  ];
}

class Loader {
  readonly #tours: Tours;
  readonly #fit: Fit;
  readonly #stops: ReadonlyMap<string, number>;
  readonly #sites: ReadonlyMap<string, number>;

  constructor(tours: Tours) {
    const { stops, disposalSites } = indexById(tours.instance.problem);
    this.#tours = tours;
    this.#fit = new Fit(tours);
    this.#stops = stops;
    this.#sites = disposalSites;
  }

  load(vehicle: number, visits: readonly Visit[]): void {
    const tours = this.#tours;
    const { firstStops = [], breaks } = tours.instance.problem.vehicles[vehicle];
    let after = tours.head(vehicle);
    const firstBreak = tours.next[after];
    let fixed = 0;
    for (const { kind, id } of visits) {
      const pause = kind === 'break' ? breaks.findIndex((one) => one.id === id) : -1;
      const node = pause === -1 ? this.#nodeOf(kind, id, vehicle, fixed < firstStops.length) : -1;
      if (pause !== -1) {
        if (firstBreak + pause === after) continue;
        tours.remove(firstBreak + pause);
        tours.insertAfter(firstBreak + pause, after);
        after = firstBreak + pause;
      } else if (node === -1) continue;
      else {
        tours.insertAfter(node, after);
        if (fixed < firstStops.length) this.#seal(node);
        if (kind === 'stop') fixed += 1;
        after = node;
      }
    }
    this.#leaveOutLast(vehicle);
  }

  /** A node for a visit; -1: the vehicle cannot make it. First stops are served even where that breaks a limit. */
  #nodeOf(kind: Visit['kind'], id: string, vehicle: number, isFirst: boolean): number {
    const tours = this.#tours;
    if (kind === 'disposal') {
      const site = this.#sites.get(id);
      const allowed = site !== undefined && tours.typeOf(vehicle).sites.includes(site);
      return allowed && tours.hasFreeSite ? tours.takeSite(site) : -1;
    }
    const stop = kind === 'stop' ? this.#stops.get(id) : undefined;
    if (stop === undefined || tours.route[stop] !== -1) return -1;
    const type = tours.typeOf(vehicle);
    const serves = isFirst ? type.compartment[stop] >= 0 : this.#fit.mayServe(stop, vehicle, type);
    return serves ? stop : -1;
  }

  /** Nothing may come into the route before this node any more. */
  #seal(node: number): void {
    const { prev, sealed, frozen } = this.#tours;
    if (!this.#tours.isStop(node)) return;
    frozen[node] = 1;
    for (let before = prev[node]; before !== -1; before = prev[before]) sealed[before] = 1;
  }

  /** Ends the route at disposal sites, as many as may be needed for all compartments, if that is all it needs. */
  #unloadLast(vehicle: number, most: number): boolean {
    const tours = this.#tours;
    if (most === 0) return false;
    const after = tours.prev[tours.tail(vehicle)];
    for (const site of tours.typeOf(vehicle).sites) {
      if (!tours.hasFreeSite) return false;
      const node = tours.takeSite(site);
      tours.insertAfter(node, after);
      if (tours.check(vehicle) || this.#moveBreaks(vehicle)) return true;
      if (this.#unloadLast(vehicle, most - 1)) return true;
      tours.remove(node);
    }
    return false;
  }

  /** Puts a break elsewhere if that is all the route needs. */
  #moveBreaks(vehicle: number): boolean {
    const tours = this.#tours;
    const { next, prev } = tours;
    const head = tours.head(vehicle);
    const nodes: number[] = [head];
    for (let node = next[head]; node !== tours.tail(vehicle); node = next[node]) nodes.push(node);
    for (const pause of nodes.filter((node) => tours.isBreak(node))) {
      const was = prev[pause];
      for (const after of nodes.filter((node) => node !== pause)) {
        tours.remove(pause);
        tours.insertAfter(pause, after);
        if (tours.check(vehicle)) return true;
      }
      tours.remove(pause);
      tours.insertAfter(pause, was);
    }
    return false;
  }

  #leaveOutLast(vehicle: number): void {
    const tours = this.#tours;
    const { prev } = tours;
    if (tours.check(vehicle) || this.#moveBreaks(vehicle)) return;
    const { compartments } = tours.instance.problem.vehicles[vehicle];
    if (this.#unloadLast(vehicle, Math.min(compartments.length, MOST_SITES))) return;
    let node = prev[tours.tail(vehicle)];
    while (!tours.check(vehicle) && node !== tours.head(vehicle)) {
      const before = prev[node];
      if (tours.isStop(node) && !tours.isFrozen(node)) tours.remove(node);
      node = before;
    }
    if (tours.check(vehicle)) return;
    // Visits to sites may be what is wrong.
    for (node = prev[tours.tail(vehicle)]; node !== tours.head(vehicle);) {
      const before = prev[node];
      if (tours.isSite(node) && tours.sealed[node] === 0) tours.remove(node);
      node = before;
    }
    tours.check(vehicle);
  }
}

function indexById({ stops, disposalSites }: Problem): {
  readonly stops: ReadonlyMap<string, number>;
  readonly disposalSites: ReadonlyMap<string, number>;
} {
  const index = (all: readonly { readonly id: string }[]): ReadonlyMap<string, number> =>
    new Map(all.map(({ id }, position) => [id, position]));
  return { stops: index(stops), disposalSites: index(disposalSites) };
}
