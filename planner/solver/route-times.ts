import { NO_WAY } from '../problem/matrix.ts';
import type { Instance, VehicleType } from './instance.ts';
import { RouteNodes } from './route-nodes.ts';

/**
 * Times and loads along each route, kept so that a place for one more stop is judged without driving the route again.
 *
 * Per node: `ea` is when its service begins at the earliest, `dep` when it is left then; `la` the latest arrival after which
 * the rest of the route still keeps its windows. Loads are kept from the last unloading on (`loadBefore`, the node itself
 * included) and until the next one (`loadAfter`, likewise), by node * dimensions + dimension.
 */
export class RouteTimes extends RouteNodes {
  readonly ea: Int32Array;
  readonly dep: Int32Array;
  readonly la: Int32Array;
  readonly loadBefore: Int32Array;
  readonly loadAfter: Int32Array;
  /** Driving since the last break, and until the next one. */
  readonly drivenBefore: Int32Array;
  readonly drivenAfter: Int32Array;
  /** Dimensions that this visit or a later one empties, as a bit mask. */
  readonly emptiedLater: Int32Array;
  /** The visit at which the trip of a node began: the head or a disposal site. */
  readonly tripStart: Int32Array;

  /** Driving time and way, by vehicle. */
  readonly seconds: Int32Array;
  readonly metres: Int32Array;

  constructor(instance: Instance) {
    super(instance);
    const { features, dimensions, vehicleCount } = instance;
    const count = features.rich ? this.nodeCount : 0;
    const nodes = (width = 1): Int32Array => new Int32Array(count * width);
    this.ea = nodes();
    this.dep = nodes();
    this.la = nodes();
    this.drivenBefore = nodes();
    this.drivenAfter = nodes();
    this.tripStart = nodes();
    this.emptiedLater = nodes();
    this.loadBefore = nodes(dimensions);
    this.loadAfter = nodes(dimensions);
    this.seconds = new Int32Array(vehicleCount);
    this.metres = new Int32Array(vehicleCount);
    for (let vehicle = 0; vehicle < vehicleCount; vehicle += 1) this.refresh(vehicle);
  }

  /** The latest moment in a window at or before `latest`; -1 when there is none. */
  #latestStart(node: number, latest: number): number {
    const entity = this.entityOf[node];
    if (entity === -1) return latest;
    const { windowStart, windows } = this.instance;
    const begin = windowStart[entity];
    let at = windowStart[entity + 1] - 2;
    if (at < begin) return latest;
    for (; at >= begin; at -= 2) {
      if (latest >= windows[at]) return Math.min(latest, windows[at + 1]);
    }
    return -1;
  }

  /** Computes times and loads of a route anew. Returns whether it keeps every limit. */
  refresh(vehicle: number): boolean {
    if (!this.instance.features.rich) return true;
    const keepsTimes = this.#goForward(vehicle);
    const keepsLoads = this.#goBackward(vehicle);
    return keepsTimes && keepsLoads;
  }

  #goForward(vehicle: number): boolean {
    const { next, location, ea, dep, drivenBefore, loadBefore, tripStart, serviceOf } = this;
    const type = this.typeOf(vehicle);
    const { size, dimensions } = this.instance;
    const tail = this.tail(vehicle);
    let last = this.head(vehicle);
    let trip = last;
    ea[last] = type.shiftFrom;
    dep[last] = this.#tripDeparture(last, type.shiftFrom);
    drivenBefore[last] = 0;
    loadBefore.fill(0, last * dimensions, (last + 1) * dimensions);
    tripStart[last] = last;
    let seconds = 0;
    let metres = 0;
    let good = true;
    for (let node = next[last]; ; node = next[node]) {
      const way = location[last] * size + location[node];
      const open = type.cost[way] < NO_WAY;
      if (!open) good = false;
      const drive = open ? type.seconds[way] : 0;
      seconds += drive;
      metres += open ? type.metres[way] : 0;
      const start = this.serviceStart(node, dep[last] + drive);
      ea[node] = start;
      drivenBefore[node] = this.isBreak(last) ? drive : drivenBefore[last] + drive;
      if (drivenBefore[node] > type.maxDrivingBetweenBreaks) good = false;
      this.#addLoad(node, last, type);
      if (node === tail) break;
      dep[node] = start + serviceOf[node];
      tripStart[node] = trip;
      if (this.isSite(node)) {
        trip = node;
        dep[node] = this.#tripDeparture(node, dep[node]);
      }
      last = node;
    }
    this.seconds[vehicle] = seconds;
    this.metres[vehicle] = metres;
    if (seconds > type.maxSeconds || metres > type.maxMetres) return false;
    return good && ea[tail] <= type.shiftUntil;
  }

  /** A trip begins no earlier than the last of its stops is released. */
  #tripDeparture(node: number, earliest: number): number {
    if (!this.instance.features.releases) return earliest;
    const { release, stopCount } = this.instance;
    let latest = earliest;
    for (let at = this.next[node]; at !== -1; at = this.next[at]) {
      if (at < stopCount) latest = Math.max(latest, release[at]);
      else if (!this.isBreak(at)) break;
    }
    return latest;
  }

  /** `loadBefore` of a node from the one before it. A disposal visit shows what it leaves aboard. */
  #addLoad(node: number, last: number, type: VehicleType): void {
    const { loadBefore } = this;
    const { dimensions, amount, weighs } = this.instance;
    const to = node * dimensions;
    const from = last * dimensions;
    for (let d = 0; d < dimensions; d += 1) loadBefore[to + d] = loadBefore[from + d];
    if (this.isStop(node)) {
      const at = to + type.compartment[node] * (weighs ? 2 : 1);
      loadBefore[at] += amount[2 * node];
      if (weighs) loadBefore[at + 1] += amount[2 * node + 1];
    } else if (this.isSite(node)) {
      const mask = type.siteMask[this.siteOf[node - this.firstSiteNode]];
      for (let d = 0; d < dimensions; d += 1) if ((mask >> d) & 1) loadBefore[to + d] = 0;
    }
  }

  #goBackward(vehicle: number): boolean {
    const { prev, location, la, loadBefore, loadAfter, drivenAfter, emptiedLater, serviceOf } =
      this;
    const type = this.typeOf(vehicle);
    const { size, dimensions, amount, weighs } = this.instance;
    let after = this.tail(vehicle);
    la[after] = type.shiftUntil;
    drivenAfter[after] = 0;
    emptiedLater[after] = 0;
    loadAfter.fill(0, after * dimensions, (after + 1) * dimensions);
    let good = true;
    for (let d = 0; d < type.capacity.length; d += 1) {
      if (loadBefore[after * dimensions + d] > (type.mustEndEmpty ? 0 : type.capacity[d])) {
        good = false;
      }
    }
    for (let node = prev[after]; node !== -1; node = prev[node]) {
      const drive = type.seconds[location[node] * size + location[after]];
      la[node] = this.#latestStart(node, la[after] - drive - serviceOf[node]);
      if (la[node] < this.ea[node]) good = false;
      emptiedLater[node] = emptiedLater[after];
      drivenAfter[node] = this.isBreak(node) ? 0 : drivenAfter[after] + drive;
      const to = node * dimensions;
      const from = after * dimensions;
      for (let d = 0; d < dimensions; d += 1) loadAfter[to + d] = loadAfter[from + d];
      if (this.isStop(node)) {
        const at = to + type.compartment[node] * (weighs ? 2 : 1);
        loadAfter[at] += amount[2 * node];
        if (weighs) loadAfter[at + 1] += amount[2 * node + 1];
      } else if (this.isSite(node)) {
        const mask = type.siteMask[this.siteOf[node - this.firstSiteNode]];
        emptiedLater[node] |= mask;
        for (let d = 0; d < dimensions; d += 1) {
          if (!((mask >> d) & 1)) continue;
          // What the trip before this visit has gathered, which must not have been too much.
          if (loadBefore[prev[node] * dimensions + d] > type.capacity[d]) good = false;
          loadAfter[to + d] = 0;
        }
      }
      after = node;
    }
    return good;
  }
}
