import { NEVER } from './instance.ts';
import type { VehicleType } from './instance.ts';
import type { Tours } from './tours.ts';

/** Where a stop can be put, and what that costs. */
export class Place {
  after = -1;
  cost = Infinity;
  /** Site to visit behind the stop (`siteAfter`) or before it; -1: none. */
  site = -1;
  siteAfter = true;

  clear(): void {
    this.after = -1;
    this.cost = Infinity;
    this.site = -1;
  }

  set(after: number, cost: number, site = -1, siteAfter = true): void {
    this.after = after;
    this.cost = cost;
    this.site = site;
    this.siteAfter = siteAfter;
  }
}

/** Whether a stop fits behind a node without breaking a limit, and whether it does with a visit to a disposal site beside it. */
export class Fit {
  readonly #tours: Tours;

  constructor(tours: Tours) {
    this.#tours = tours;
  }

  /** The visit behind a node, breaks left out: they take place where the vehicle is. */
  beyond(after: number): number {
    const { next } = this.#tours;
    let node = next[after];
    while (this.#tours.isBreak(node)) node = next[node];
    return node;
  }

  /** Whether the vehicle may serve the stop at all, with what it has done already. */
  mayServe(stop: number, vehicle: number, type: VehicleType): boolean {
    const { instance, stops, load } = this.#tours;
    if (type.compartment[stop] < 0) return false;
    const only = instance.onlyVehicle[stop];
    if (only !== -1 && only !== vehicle) return false;
    if (stops[vehicle] >= type.maxStops) return false;
    return load[vehicle] + instance.amount[2 * stop] <= type.maxDayAmount;
  }

  /** Whether what the stop adds is unloaded at `before` or later. */
  isEmptiedLater(stop: number, before: number, type: VehicleType): boolean {
    const d = type.compartment[stop] * (this.#tours.instance.weighs ? 2 : 1);
    return ((this.#tours.emptiedLater[before] >> d) & 1) === 1;
  }

  /** Whether the loads of the trip allow the stop behind `after`. */
  loads(stop: number, after: number, before: number, type: VehicleType): boolean {
    const { loadBefore, loadAfter, instance } = this.#tours;
    const { dimensions, amount, weighs } = instance;
    const step = weighs ? 2 : 1;
    const d = type.compartment[stop] * step;
    const gathered = loadBefore[after * dimensions + d] + loadAfter[before * dimensions + d];
    if (gathered + amount[2 * stop] > type.capacity[d]) return false;
    if (!weighs) return true;
    const weight = loadBefore[after * dimensions + d + 1] + loadAfter[before * dimensions + d + 1];
    return weight + amount[2 * stop + 1] <= type.capacity[d + 1];
  }

  /** Whether times and lengths allow the stop between `after` and the visit beyond it. */
  times(stop: number, after: number, beyond: number, vehicle: number, type: VehicleType): boolean {
    const tours = this.#tours;
    const { location, dep, la, serviceOf, instance } = tours;
    const { size } = instance;
    const here = location[stop];
    const from = location[after] * size;
    const to = location[beyond];
    const goTo = type.seconds[from + here];
    const goOn = type.seconds[here * size + to];
    if (!this.#lengths(vehicle, type, from, here, to, goTo + goOn)) return false;
    if (!this.#betweenBreaks(after, goTo, goOn, type)) return false;
    let left = dep[after];
    if (instance.features.releases) {
      left = this.leaveWhenReleased(after, instance.release[stop], type);
      if (left >= NEVER) return false;
    }
    const start = tours.serviceStart(stop, left + goTo);
    if (start >= NEVER) return false;
    let time = start + serviceOf[stop];
    for (let node = tours.next[after]; node !== beyond; node = tours.next[node]) {
      time = tours.serviceStart(node, time);
      if (time >= NEVER) return false;
      time += serviceOf[node];
    }
    return time + goOn <= la[beyond];
  }

  #lengths(
    vehicle: number,
    type: VehicleType,
    from: number,
    here: number,
    to: number,
    seconds: number,
  ): boolean {
    const tours = this.#tours;
    const { size } = tours.instance;
    const more = seconds - type.seconds[from + to];
    if (tours.seconds[vehicle] + more > type.maxSeconds) return false;
    if (type.maxMetres >= NEVER) return true;
    const { metres } = type;
    const further = metres[from + here] + metres[here * size + to] - metres[from + to];
    return tours.metres[vehicle] + further <= type.maxMetres;
  }

  #betweenBreaks(after: number, goTo: number, goOn: number, type: VehicleType): boolean {
    const limit = type.maxDrivingBetweenBreaks;
    if (limit >= NEVER) return true;
    const { drivenBefore, drivenAfter, next } = this.#tours;
    const driven = this.#tours.isBreak(after) ? 0 : drivenBefore[after];
    const behind = next[after];
    if (this.#tours.isBreak(behind)) {
      return driven + goTo <= limit && goOn + drivenAfter[this.beyond(after)] <= limit;
    }
    return driven + goTo + goOn + drivenAfter[behind] <= limit;
  }

  /** When `after` is left if its trip cannot begin before `release`; `NEVER` if a visit on the way is missed. */
  leaveWhenReleased(after: number, release: number, type: VehicleType): number {
    const tours = this.#tours;
    const { size } = tours.instance;
    const trip = tours.isSite(after) ? after : tours.tripStart[after];
    if (release <= tours.dep[trip]) return tours.dep[after];
    let time = release;
    let last = trip;
    for (let node = trip; node !== after;) {
      node = tours.next[node];
      const drive = type.seconds[tours.location[last] * size + tours.location[node]];
      const start = tours.serviceStart(node, time + drive);
      if (start >= NEVER) return NEVER;
      time = start + tours.serviceOf[node];
      last = node;
    }
    return time;
  }
}
