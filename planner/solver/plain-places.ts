import { NO_WAY } from '../problem/matrix.ts';
import { BLINK } from './blink.ts';
import { EmptyVehicles } from './empty-vehicles.ts';
import { Fit } from './insertion.ts';
import type { Place } from './insertion.ts';
import type { VehicleType } from './instance.ts';
import type { Neighbours } from './neighbours.ts';
import type { Random } from './random.ts';
import type { Tours } from './tours.ts';

/** Finds places for stops where a route has one load and no other limit. */
export class PlainPlaces {
  readonly #tours: Tours;
  readonly #neighbours: Neighbours;
  readonly #random: Random;
  readonly #fit: Fit;
  readonly #empty: EmptyVehicles;
  readonly #best: Place;

  /** The cheapest place goes into `best`. */
  constructor(tours: Tours, neighbours: Neighbours, random: Random, best: Place) {
    this.#tours = tours;
    this.#neighbours = neighbours;
    this.#random = random;
    this.#fit = new Fit(tours);
    this.#empty = new EmptyVehicles(tours);
    this.#best = best;
  }

  /** Looks beside the nearest stops, then everywhere, and into an empty vehicle. */
  find(stop: number): void {
    const tours = this.#tours;
    const { route, next, prev, location, load, instance } = tours;
    const { size, types, typeOf, amount } = instance;
    const { count, list } = this.#neighbours;
    const best = this.#best;
    const here = location[stop];
    const hereRow = here * size;
    const need = amount[2 * stop];
    const random = this.#random;
    const begin = stop * count;
    for (let rank = 0; rank < count; rank += 1) {
      const near = list[begin + rank];
      const vehicle = route[near];
      if (vehicle === -1) continue;
      const type = types[typeOf[vehicle]];
      if (load[vehicle] + need > type.capacity[0]) continue;
      if (!this.#fit.mayServe(stop, vehicle, type)) continue;
      const { cost } = type;
      const there = location[near];
      const thereRow = there * size;
      const go = cost[hereRow + there];
      const come = cost[thereRow + here];
      // The nearest are first: nothing behind them can be cheaper than a way there and back saves.
      const behind = location[next[near]];
      const after = come + cost[hereRow + behind] - cost[thereRow + behind];
      if (after < best.cost && after < NO_WAY / 2 && random.next() >= BLINK) best.set(near, after);
      const ahead = location[prev[near]];
      const aheadRow = ahead * size;
      const before = cost[aheadRow + here] + go - cost[aheadRow + there];
      if (before < best.cost && before < NO_WAY / 2 && random.next() >= BLINK)
        best.set(prev[near], before);
    }
    if (best.after === -1) this.#scan(stop);
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
    const { instance, load, stops, next, location } = tours;
    const { size } = instance;
    const need = instance.amount[2 * stop];
    const here = location[stop];
    for (let vehicle = 0; vehicle < instance.vehicleCount; vehicle += 1) {
      if (stops[vehicle] === 0) continue;
      const type = tours.typeOf(vehicle);
      if (load[vehicle] + need > type.capacity[0]) continue;
      if (!this.#fit.mayServe(stop, vehicle, type)) continue;
      const { cost } = type;
      const tail = tours.tail(vehicle);
      for (let after = tours.head(vehicle); after !== tail; after = next[after]) {
        const from = location[after] * size;
        const to = location[next[after]];
        const more = cost[from + here] + cost[here * size + to] - cost[from + to];
        if (more < this.#best.cost && more < NO_WAY / 2) this.#best.set(after, more);
      }
    }
  }
}
