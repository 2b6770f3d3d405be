import { NO_WAY } from '../problem/matrix.ts';
import { BLINK } from './blink.ts';
import { EmptyVehicles } from './empty-vehicles.ts';
import { Fit } from './insertion.ts';
import type { Place } from './insertion.ts';
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

  /** The cheapest place goes into `best`. */
  constructor(tours: Tours, neighbours: Neighbours, random: Random, best: Place) {
    this.#tours = tours;
    this.#neighbours = neighbours;
    this.#random = random;
    this.#fit = new Fit(tours);
    this.#empty = new EmptyVehicles(tours);
    this.#best = best;
    this.#sites = new SiteVisits(tours, this.#fit);
  }

  /** Looks beside the nearest stops, then everywhere, and into an empty vehicle. */
  find(stop: number): void {
    const { route, prev, next } = this.#tours;
    const { count, list } = this.#neighbours;
    const { firstSiteNode } = this.#tours;
    const begin = stop * count;
    for (let rank = 0; rank < count; rank += 1) {
      const near = list[begin + rank];
      const vehicle = route[near];
      if (vehicle === -1) continue;
      this.#tryBehind(stop, near, vehicle);
      this.#tryBehind(stop, prev[near], vehicle);
      // Behind a break or a disposal visit is beside the stop before it, too.
      for (let node = next[near]; node >= firstSiteNode; node = next[node]) {
        this.#tryBehind(stop, node, vehicle);
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
    const { next } = this.#tours;
    const tail = this.#tours.tail(vehicle);
    for (let after = this.#tours.head(vehicle); after !== tail; after = next[after]) {
      this.#tryBehind(stop, after, vehicle);
    }
  }

  #tryBehind(stop: number, after: number, vehicle: number): void {
    const tours = this.#tours;
    const { location, next, instance } = tours;
    const type = instance.types[instance.typeOf[vehicle]];
    const beyond = this.#fit.beyond(after);
    const { cost } = type;
    const { size } = instance;
    const here = location[stop];
    const from = location[after] * size;
    const to = location[beyond];
    const opening = tours.stops[vehicle] === 0 ? type.fixedCost : 0;
    const more = cost[from + here] + cost[here * size + to] - cost[from + to] + opening;
    const best = this.#best;
    if (more >= best.cost || this.#random.next() < BLINK) return;
    if (!this.#fit.mayServe(stop, vehicle, type)) return;
    if (tours.sealed[after] === 1) return;
    if (cost[from + here] >= NO_WAY || cost[here * size + to] >= NO_WAY) return;
    const mustUnload = type.mustEndEmpty && !this.#fit.isEmptiedLater(stop, next[after], type);
    if (!mustUnload && this.#fit.loads(stop, after, next[after], type)) {
      if (this.#fit.times(stop, after, beyond, vehicle, type)) best.set(after, more);
    } else if (instance.features.sites) {
      this.#sites.tryBoth(stop, after, beyond, vehicle, type, opening, best);
    }
  }
}
