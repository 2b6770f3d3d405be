import { NO_WAY } from '../problem/matrix.ts';
import { BLINK } from './blink.ts';
import { EmptyVehicles } from './empty-vehicles.ts';
import { Fit } from './insertion.ts';
import type { Place } from './insertion.ts';
import type { VehicleType } from './instance.ts';
import type { Neighbours } from './neighbours.ts';
import type { Random } from './random.ts';
import type { Tours } from './tours.ts';

/** Beyond this a place costs as much as where there is no way. */
const LEAST_BAD = NO_WAY / 2;

/** Finds places for stops where a route has one load and no other limit. */
export class PlainPlaces {
  readonly #tours: Tours;
  readonly #neighbours: Neighbours;
  readonly #random: Random;
  readonly #fit: Fit;
  readonly #empty: EmptyVehicles;
  readonly #best: Place;
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
    this.#triedBy = new Int32Array(tours.nodeCount);
  }

  /** Looks beside the nearest stops, then everywhere, and into an empty vehicle. */
  find(stop: number): void {
    const tours = this.#tours;
    const { route, next, prev, location, load, arc, instance } = tours;
    const { size, types, typeOf, amount, choosy } = instance;
    const { count, list } = this.#neighbours;
    const best = this.#best;
    const random = this.#random;
    const triedBy = this.#triedBy;
    const turn = (this.#turn += 1);
    const row = location[stop] * size;
    const need = amount[2 * stop];
    const end = (stop + 1) * count;
    let least = LEAST_BAD;
    let found = -1;
    for (let at = stop * count; at < end; at += 1) {
      const near = list[at];
      const vehicle = route[near];
      if (vehicle === -1) continue;
      const type = types[typeOf[vehicle]];
      if (load[vehicle] + need > type.capacity[0]) continue;
      if (choosy && !this.#fit.mayServe(stop, vehicle, type)) continue;
      const { cost, costFrom } = type;
      const there = row + location[near];
      // The place behind a stop is also the one before the next: once is enough.
      if (triedBy[near] !== turn) {
        triedBy[near] = turn;
        const more = costFrom[there] + cost[row + location[next[near]]] - arc[near];
        if (more < least && random.next() >= BLINK) {
          least = more;
          found = near;
        }
      }
      const before = prev[near];
      if (triedBy[before] !== turn) {
        triedBy[before] = turn;
        const more = costFrom[row + location[before]] + cost[there] - arc[before];
        if (more < least && random.next() >= BLINK) {
          least = more;
          found = before;
        }
      }
    }
    if (found === -1) this.#scan(stop);
    else best.set(found, least);
    this.#openVehicle(stop);
  }

  #openVehicle(stop: number): void {
    const tours = this.#tours;
    const { stops } = tours;
    const { types, typeOf, size, amount } = tours.instance;
    const only = tours.instance.onlyVehicle[stop];
    for (let index = 0; index < types.length; index += 1) {
      const isOwn = only >= 0 && only < stops.length && typeOf[only] === index && stops[only] === 0;
      const vehicle = isOwn ? only : this.#empty.find(index);
      const type = types[index];
      if (vehicle === -1 || amount[2 * stop] > type.capacity[0]) continue;
      if (!this.#fit.mayServe(stop, vehicle, type)) continue;
      const cost = this.#openingCost(stop, vehicle, type, size);
      if (cost < this.#best.cost) this.#best.set(tours.head(vehicle), cost);
    }
  }

  #openingCost(
    stop: number,
    vehicle: number,
    { cost, fixedCost }: VehicleType,
    size: number,
  ): number {
    const { location } = this.#tours;
    const here = location[stop];
    const from = location[this.#tours.head(vehicle)] * size;
    const to = location[this.#tours.tail(vehicle)];
    const [go, come] = [cost[from + here], cost[here * size + to]];
    return go >= NO_WAY || come >= NO_WAY ? Infinity : go + come - cost[from + to] + fixedCost;
  }

  /** No place beside the nearest: looks everywhere. */
  #scan(stop: number): void {
    const tours = this.#tours;
    const { instance, load, stops, next, location, arc } = tours;
    const row = location[stop] * instance.size;
    const need = instance.amount[2 * stop];
    let least = LEAST_BAD;
    let found = -1;
    for (let vehicle = 0; vehicle < instance.vehicleCount; vehicle += 1) {
      const type = tours.typeOf(vehicle);
      if (stops[vehicle] === 0 || load[vehicle] + need > type.capacity[0]) continue;
      if (!this.#fit.mayServe(stop, vehicle, type)) continue;
      const { cost, costFrom } = type;
      const tail = tours.tail(vehicle);
      for (let after = tours.head(vehicle); after !== tail; after = next[after]) {
        const more =
          costFrom[row + location[after]] + cost[row + location[next[after]]] - arc[after];
        if (more >= least) continue;
        least = more;
        found = after;
      }
    }
    if (found !== -1) this.#best.set(found, least);
  }
}
