import type { Neighbours } from './neighbours.ts';
import type { Random } from './random.ts';
import type { Tours } from './tours.ts';

/** Parameters of the ruin, as in Christiaens & Vanden Berghe 2020 (doi:10.1287/trsc.2019.0914). */
export interface RuinOptions {
  /** Stops taken out on average. */
  readonly averageRemoved: number;
  /** Most stops taken out of one route. */
  readonly longestString: number;
  /** How often a string keeps some stops in its middle. */
  readonly splitShare: number;
  /** How often more than one of them. */
  readonly splitDepth: number;
}

export const DEFAULT_RUIN: RuinOptions = {
  averageRemoved: 10,
  longestString: 10,
  splitShare: 0.5,
  splitDepth: 0.01,
};

/** How often a whole route is emptied, so that a vehicle may be spared. */
const WHOLE_SHARE = 0.01;

/** Takes strings of stops out of routes that lie near each other: slack in space and capacity for what is put back. */
export class Ruin {
  readonly #tours: Tours;
  readonly #neighbours: Neighbours;
  readonly #random: Random;
  readonly #options: RuinOptions;
  /** Vehicles ruined in this step, marked by the number of the step. */
  readonly #ruinedIn: Int32Array;
  #step = 0;
  /** The stops of one route around the one that was chosen. */
  readonly #run: Int32Array;

  constructor(tours: Tours, neighbours: Neighbours, random: Random, options = DEFAULT_RUIN) {
    this.#tours = tours;
    this.#neighbours = neighbours;
    this.#random = random;
    this.#options = options;
    this.#ruinedIn = new Int32Array(tours.instance.vehicleCount);
    this.#run = new Int32Array(4 * options.longestString + 4);
  }

  apply(): void {
    const { instance, absent } = this.#tours;
    const { averageRemoved, longestString } = this.#options;
    const { stopCount } = instance;
    if (stopCount === 0) return;
    this.#step += 1;
    const routes = Math.max(1, this.#countRoutes());
    const averageSize = (stopCount - absent.count) / routes;
    const longest = Math.max(1, Math.min(longestString, averageSize));
    const mostStrings = (4 * averageRemoved) / (1 + longest) - 1;
    const strings = Math.floor(1 + this.#random.next() * Math.max(mostStrings, 0));
    const seed = this.#random.below(stopCount);
    if (this.#random.next() < WHOLE_SHARE) this.#ruinRoute(seed);
    let ruined = this.#ruinAt(seed, longest) ? 1 : 0;
    const { count, list } = this.#neighbours;
    const begin = seed * count;
    for (let rank = 0; rank < count && ruined < strings; rank += 1) {
      if (this.#ruinAt(list[begin + rank], longest)) ruined += 1;
    }
  }

  #routes = 0;
  #routesCountedAt = -1;

  /** Counting takes a look at each vehicle, and the number hardly changes. */
  #countRoutes(): number {
    if (this.#step - this.#routesCountedAt < 1000 && this.#routesCountedAt >= 0)
      return this.#routes;
    this.#routesCountedAt = this.#step;
    this.#routes = 0;
    for (const stops of this.#tours.stops) if (stops > 0) this.#routes += 1;
    return this.#routes;
  }

  /** Empties the smaller of two routes, so that a vehicle may be spared. */
  #ruinRoute(seed: number): void {
    const tours = this.#tours;
    const other = this.#random.below(tours.instance.stopCount);
    const one = tours.route[seed];
    const two = tours.route[other];
    if (one === -1 || two === -1) return;
    const vehicle = tours.stops[one] <= tours.stops[two] ? one : two;
    if (this.#countFrozen(vehicle) > 0) return;
    this.#ruinedIn[vehicle] = this.#step;
    for (let node = tours.next[tours.head(vehicle)]; node !== tours.tail(vehicle);) {
      const following = tours.next[node];
      if (tours.isStop(node)) tours.remove(node);
      node = following;
    }
  }

  /** Stops at the beginning of a route that must stay where they are. */
  #countFrozen(vehicle: number): number {
    const { problem } = this.#tours.instance;
    return problem.vehicles[vehicle].firstStops?.length ?? 0;
  }

  #ruinAt(stop: number, longest: number): boolean {
    const tours = this.#tours;
    const vehicle = tours.isFrozen(stop) ? -1 : tours.route[stop];
    if (vehicle === -1 || this.#ruinedIn[vehicle] === this.#step) return false;
    const size = tours.stops[vehicle] - this.#countFrozen(vehicle);
    const most = Math.min(size, longest);
    if (most < 1) return false;
    const length = Math.floor(1 + this.#random.next() * most);
    this.#ruinedIn[vehicle] = this.#step;
    this.#removeString(stop, length, size);
    return true;
  }

  #removeString(stop: number, length: number, size: number): void {
    const { splitShare, splitDepth } = this.#options;
    let kept = 0;
    if (length > 1 && length < size && this.#random.next() < splitShare) {
      kept = 1;
      while (length + kept < size && kept < length && this.#random.next() < splitDepth) kept += 1;
    }
    const count = this.#collect(stop, length + kept);
    const keepFrom = kept === 0 ? count : 1 + this.#random.below(Math.max(1, length - 1));
    for (let index = 0; index < count; index += 1) {
      if (index >= keepFrom && index < keepFrom + kept) continue;
      this.#tours.remove(this.#run[index]);
    }
  }

  /** Collects a run of so many stops of a route with `stop` somewhere in it. */
  #collect(stop: number, length: number): number {
    const tours = this.#tours;
    let first = stop;
    for (let back = this.#random.below(length); back > 0; back -= 1) {
      const before = this.#stopBefore(first);
      if (before === -1) break;
      first = before;
    }
    let count = 0;
    for (let node = first; node !== -1 && count < length; node = tours.next[node]) {
      if (!tours.isStop(node)) continue;
      this.#run[count] = node;
      count += 1;
    }
    // The end of the route was near: take the rest from before.
    for (let node = first; count < length;) {
      node = this.#stopBefore(node);
      if (node === -1) break;
      this.#run.copyWithin(1, 0, count);
      this.#run[0] = node;
      count += 1;
    }
    return count;
  }

  /** The stop before a stop, unless that must stay where it is. */
  #stopBefore(stop: number): number {
    const { prev } = this.#tours;
    let node = prev[stop];
    while (node !== -1 && !this.#tours.isStop(node)) node = prev[node];
    if (node === -1 || this.#tours.isFrozen(node)) return -1;
    return node;
  }
}
