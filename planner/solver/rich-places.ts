import { NO_WAY } from '../problem/matrix.ts';
import { BLINK } from './blink.ts';
import { EmptyVehicles } from './empty-vehicles.ts';
import { Fit } from './insertion.ts';
import type { Place } from './insertion.ts';
import { NEVER } from './instance.ts';
import type { Instance, VehicleType } from './instance.ts';
import type { Neighbours } from './neighbours.ts';
import type { Random } from './random.ts';
import { SiteVisits } from './site-visits.ts';
import type { Tours } from './tours.ts';

/** Finds places for stops with everything that may limit a route: windows, compartments, disposal sites, breaks. */
export class RichPlaces {
  readonly #tours: Tours;
  readonly #neighbours: Neighbours;
  readonly #random: Random;
  readonly #fit: Fit;
  readonly #empty: EmptyVehicles;
  readonly #best: Place;
  readonly #sites: SiteVisits;
  readonly #latest: Int32Array;
  /** Nodes behind which a stop has been tried, marked by the number of the search for a place. */
  readonly #triedBy: Int32Array;
  #turn = 0;

  /** The cheapest place goes into `best`. */
  constructor(tours: Tours, neighbours: Neighbours, random: Random, best: Place) {
    this.#tours = tours;
    this.#neighbours = neighbours;
    this.#random = random;
    this.#fit = new Fit(tours);
    this.#empty = new EmptyVehicles(tours);
    this.#best = best;
    this.#latest = findLatest(tours.instance);
    this.#triedBy = new Int32Array(tours.nodeCount);
    this.#sites = new SiteVisits(tours, this.#fit);
  }

  /** Looks beside the nearest stops, then everywhere, and into an empty vehicle. */
  find(stop: number): void {
    const tours = this.#tours;
    const { route, prev, next, load, instance, firstSiteNode } = tours;
    const { choosy, types, typeOf, amount, dimensions, features } = instance;
    const { count, list } = this.#neighbours;
    const oneLoad = dimensions === 1 && !features.sites;
    const need = amount[2 * stop];
    this.#turn += 1;
    const end = (stop + 1) * count;
    for (let at = stop * count; at < end; at += 1) {
      const near = list[at];
      const vehicle = route[near];
      if (vehicle === -1) continue;
      const type = types[typeOf[vehicle]];
      if (oneLoad && load[vehicle] + need > type.capacity[0]) continue;
      if (choosy && !this.#fit.mayServe(stop, vehicle, type)) continue;
      this.#tryBehind(stop, near, vehicle, type);
      this.#tryBehind(stop, prev[near], vehicle, type);
      // Behind a break or a disposal visit is beside the stop before it, too.
      for (let node = next[near]; node >= firstSiteNode; node = next[node]) {
        this.#tryBehind(stop, node, vehicle, type);
      }
    }
    if (this.#best.after === -1) this.#scan(stop);
    this.#openVehicle(stop);
  }

  #openVehicle(stop: number): void {
    const tours = this.#tours;
    const { types, typeOf, onlyVehicle } = tours.instance;
    for (let type = 0; type < types.length; type += 1) {
      const vehicle = this.#empty.find(type);
      if (vehicle !== -1) this.#tryRoute(stop, vehicle);
    }
    const only = onlyVehicle[stop];
    if (only !== -1 && only < typeOf.length) this.#tryRoute(stop, only);
  }

  #scan(stop: number): void {
    const { instance, stops } = this.#tours;
    for (let vehicle = 0; vehicle < instance.vehicleCount; vehicle += 1) {
      if (stops[vehicle] > 0) this.#tryRoute(stop, vehicle);
    }
  }

  #tryRoute(stop: number, vehicle: number): void {
    const tours = this.#tours;
    const { next } = tours;
    const type = tours.typeOf(vehicle);
    if (!this.#fit.mayServe(stop, vehicle, type)) return;
    const tail = tours.tail(vehicle);
    for (let after = tours.head(vehicle); after !== tail; after = next[after]) {
      this.#tryBehind(stop, after, vehicle, type);
    }
  }

  #tryBehind(stop: number, after: number, vehicle: number, type: VehicleType): void {
    const triedBy = this.#triedBy;
    // The place behind a stop is also the one before the next: once is enough.
    if (triedBy[after] === this.#turn) return;
    triedBy[after] = this.#turn;
    const tours = this.#tours;
    const { location, next, dep, instance, sealed } = tours;
    const { size, features } = instance;
    const row = location[stop] * size;
    let beyond = next[after];
    let old = tours.arc[after];
    if (features.breaks) {
      beyond = this.#fit.beyond(after);
      old = type.cost[location[after] * size + location[beyond]];
    }
    const come = type.costFrom[row + location[after]];
    const go = type.cost[row + location[beyond]];
    const opening = tours.stops[vehicle] === 0 ? type.fixedCost : 0;
    const more = come + go - old + opening;
    const best = this.#best;
    if (more >= best.cost) return;
    // Too late already; releases only make it later.
    const arrival = dep[after] + type.seconds[location[after] * size + location[stop]];
    if (arrival > this.#latest[stop] || this.#random.next() < BLINK) return;
    if (sealed[after] === 1 || come >= NO_WAY || go >= NO_WAY) return;
    const mustUnload = type.mustEndEmpty && !this.#fit.isEmptiedLater(stop, next[after], type);
    if (!mustUnload && this.#fit.loads(stop, after, next[after], type)) {
      if (this.#fit.times(stop, after, beyond, vehicle, type)) best.set(after, more);
    } else if (features.sites) {
      this.#sites.tryBoth(stop, after, beyond, vehicle, type, opening, best);
    }
  }
}

/** When service at each stop begins at the latest. */
function findLatest({ stopCount, windowStart, windows }: Instance): Int32Array {
  return Int32Array.from({ length: stopCount }, (_, stop) => {
    const end = windowStart[stop + 1];
    return windowStart[stop] === end ? NEVER : windows[end - 1];
  });
}
