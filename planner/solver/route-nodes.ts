import { NEVER } from './instance.ts';
import type { Instance, VehicleType } from './instance.ts';

/**
 * The nodes of all routes, as linked lists: stops first, then the head and the tail of each vehicle, then a pool of visits to
 * disposal sites, then the breaks. Vehicles and stops go by their index in the problem.
 */
export class RouteNodes {
  readonly instance: Instance;
  readonly nodeCount: number;
  readonly firstSiteNode: number;
  readonly firstBreakNode: number;
  readonly next: Int32Array;
  readonly prev: Int32Array;
  /** Vehicle that comes to a node; -1: none. */
  readonly route: Int32Array;
  /** Location of a node; of a break: of the visit before it. */
  readonly location: Int32Array;
  /** Site of a disposal visit, by node - firstSiteNode. */
  readonly siteOf: Int32Array;
  /** Whose windows a node has: a stop, a site or a break; -1: heads and tails. */
  readonly entityOf: Int32Array;
  readonly serviceOf: Int32Array;
  /** Whether a stop must stay among the first of its route. */
  readonly frozen: Uint8Array;
  /** Whether nothing may come behind a node, because a stop farther on must stay among the first. */
  readonly sealed: Uint8Array;

  constructor(instance: Instance) {
    this.instance = instance;
    const { stopCount, vehicleCount, features, problem } = instance;
    const poolSize = features.sites ? stopCount + vehicleCount : 0;
    const breakCount = problem.vehicles.reduce((sum, { breaks }) => sum + breaks.length, 0);
    this.firstSiteNode = stopCount + 2 * vehicleCount;
    this.firstBreakNode = this.firstSiteNode + poolSize;
    this.nodeCount = this.firstBreakNode + breakCount;
    const nodes = (): Int32Array => new Int32Array(this.nodeCount).fill(-1);
    this.next = nodes();
    this.prev = nodes();
    this.route = nodes();
    this.entityOf = nodes();
    this.location = nodes().fill(instance.nowhere);
    this.serviceOf = nodes().fill(0);
    this.siteOf = new Int32Array(poolSize);
    this.frozen = new Uint8Array(stopCount);
    this.sealed = new Uint8Array(this.nodeCount);
    this.#placeStops();
    this.#placeBreaks(breakCount);
    this.#placeVehicles();
  }

  #placeStops(): void {
    const { stopCount, stopLocation, service } = this.instance;
    for (let stop = 0; stop < stopCount; stop += 1) this.entityOf[stop] = stop;
    this.location.set(stopLocation);
    this.serviceOf.set(service.subarray(0, stopCount));
  }

  #placeBreaks(breakCount: number): void {
    const { stopCount, siteLocation, service } = this.instance;
    const first = stopCount + siteLocation.length;
    for (let index = 0; index < breakCount; index += 1) {
      this.entityOf[this.firstBreakNode + index] = first + index;
      this.serviceOf[this.firstBreakNode + index] = service[first + index];
    }
  }

  /** Each vehicle begins with its head, its breaks and its tail. */
  #placeVehicles(): void {
    const { problem, nowhere } = this.instance;
    let pause = this.firstBreakNode;
    problem.vehicles.forEach(({ start, end, breaks }, vehicle) => {
      const [head, tail] = [this.head(vehicle), this.tail(vehicle)];
      this.location[head] = start ?? nowhere;
      this.location[tail] = end ?? nowhere;
      this.route[head] = vehicle;
      this.route[tail] = vehicle;
      let last = head;
      for (const _ of breaks) {
        this.join(last, pause);
        this.location[pause] = this.location[head];
        this.route[pause] = vehicle;
        last = pause;
        pause += 1;
      }
      this.join(last, tail);
    });
  }

  head(vehicle: number): number {
    return this.instance.stopCount + 2 * vehicle;
  }

  tail(vehicle: number): number {
    return this.instance.stopCount + 2 * vehicle + 1;
  }

  isStop(node: number): boolean {
    return node < this.instance.stopCount;
  }

  isFrozen(stop: number): boolean {
    return this.frozen[stop] === 1;
  }

  isTail(node: number): boolean {
    const { stopCount } = this.instance;
    return node >= stopCount && node < this.firstSiteNode && ((node - stopCount) & 1) === 1;
  }

  isSite(node: number): boolean {
    return node >= this.firstSiteNode && node < this.firstBreakNode;
  }

  isBreak(node: number): boolean {
    return node >= this.firstBreakNode;
  }

  typeOf(vehicle: number): VehicleType {
    return this.instance.types[this.instance.typeOf[vehicle]];
  }

  protected join(left: number, right: number): void {
    this.next[left] = right;
    this.prev[right] = left;
  }

  /** When service at a node begins for one who arrives at `arrival`; `NEVER` when its windows are over. */
  serviceStart(node: number, arrival: number): number {
    const entity = this.entityOf[node];
    if (entity === -1) return arrival;
    const { windowStart, windows } = this.instance;
    const end = windowStart[entity + 1];
    let at = windowStart[entity];
    if (at === end) return arrival;
    for (; at < end; at += 2) {
      if (arrival <= windows[at + 1]) return Math.max(arrival, windows[at]);
    }
    return NEVER;
  }
}
