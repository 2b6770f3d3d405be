import { AbsentStops } from './absent-stops.ts';
import type { Instance, VehicleType } from './instance.ts';
import { RouteTimes } from './route-times.ts';
import { UndoLog } from './undo-log.ts';

/** Routes as they were at some moment: what comes behind each node, and the sites of disposal visits. */
export interface Snapshot {
  readonly next: Int32Array;
  readonly siteOf: Int32Array;
  readonly firstSiteNode: number;
  readonly firstBreakNode: number;
}

/** All routes and what they cost. Every change is written down, so that a step can be undone instead of copied. */
export class Tours extends RouteTimes {
  // By vehicle.
  readonly stops: Int32Array;
  readonly sites: Int32Array;
  readonly load: Int32Array;

  /** Cost of the way from a node to the visit behind it, by node; not kept where there are breaks. */
  readonly arc: Int32Array;

  /** Cost of driving and of vehicles used, without what stops left out cost. */
  cost = 0;
  /** What stops left out cost. */
  missed = 0;
  readonly absent: AbsentStops;
  /** Vehicles whose routes changed since the last `commit`. */
  readonly touched: Int32Array;
  touchedCount = 0;
  readonly #isTouched: Uint8Array;
  readonly #log = new UndoLog();
  readonly #freeSites: Int32Array;
  #freeSiteCount: number;

  constructor(instance: Instance) {
    super(instance);
    const { stopCount, vehicleCount, prize } = instance;
    this.stops = new Int32Array(vehicleCount);
    this.sites = new Int32Array(vehicleCount);
    this.load = new Int32Array(vehicleCount);
    this.touched = new Int32Array(vehicleCount);
    this.arc = new Int32Array(this.nodeCount);
    for (let v = 0; v < vehicleCount; v += 1) {
      const [head, tail] = [this.head(v), this.tail(v)];
      const way = this.location[head] * instance.size + this.location[tail];
      this.arc[head] = this.typeOf(v).cost[way];
    }
    this.#isTouched = new Uint8Array(vehicleCount);
    this.#freeSiteCount = this.siteOf.length;
    this.#freeSites = Int32Array.from(this.siteOf, (_, i) => this.firstBreakNode - 1 - i);
    this.absent = new AbsentStops(stopCount);
    for (const missed of prize) this.missed += missed;
  }

  /** What the whole costs, stops left out included. */
  get total(): number {
    return this.cost + this.missed;
  }

  /** What driving costs, vehicles used left out. */
  drivingCost(): number {
    let fixed = 0;
    for (let v = 0; v < this.instance.vehicleCount; v += 1) {
      if (this.stops[v] > 0) fixed += this.typeOf(v).fixedCost;
    }
    return this.cost - fixed;
  }

  /** The routes as they are now; in the memory of an older snapshot, if one is given. */
  snapshot(reuse?: Snapshot): Snapshot {
    const { firstSiteNode, firstBreakNode } = this;
    if (reuse === undefined) {
      const [next, siteOf] = [this.next.slice(), this.siteOf.slice()];
      return { next, siteOf, firstSiteNode, firstBreakNode };
    }
    reuse.next.set(this.next);
    reuse.siteOf.set(this.siteOf);
    return reuse;
  }

  get hasFreeSite(): boolean {
    return this.#freeSiteCount > 0;
  }

  /** A visit to a disposal site that is in no route yet. */
  takeSite(site: number): number {
    this.#freeSiteCount -= 1;
    const node = this.#freeSites[this.#freeSiteCount];
    this.#assignSite(node, site);
    return node;
  }

  /** Puts a node behind another one. Loads and times of the route are right again only after `refresh`. */
  insertAfter(node: number, after: number): void {
    this.#log.write(node, -1, this.#siteAt(node));
    this.#link(node, after);
  }

  /** Takes a node out of its route. Loads and times of the route are right again only after `refresh`. */
  remove(node: number): void {
    if (this.isStop(node)) this.absent.removed += 1;
    this.#log.write(node, this.prev[node], this.#siteAt(node));
    this.#unlink(node);
  }

  #siteAt(node: number): number {
    return this.isSite(node) ? this.siteOf[node - this.firstSiteNode] : -1;
  }

  /** Makes the changes since the last commit final. */
  commit(): void {
    this.#log.clear();
    this.absent.removed = 0;
    this.#forgetTouched();
  }

  /** Takes all changes since the last commit back. */
  undo(): void {
    this.#log.replay((node, after, site) => {
      if (after === -1) {
        this.#unlink(node);
        return;
      }
      if (this.isSite(node)) this.#takeSameSite(node, site);
      this.#link(node, after);
    });
    if (this.instance.features.rich) this.refreshTouched();
    this.commit();
  }

  /** Sites go back to the pool in the order they came from it, so the node is on top. */
  #takeSameSite(node: number, site: number): void {
    this.#freeSiteCount -= 1;
    this.#freeSites[this.#freeSiteCount] = node;
    this.#assignSite(node, site);
  }

  #assignSite(node: number, site: number): void {
    const { stopCount, service, siteLocation } = this.instance;
    this.siteOf[node - this.firstSiteNode] = site;
    this.location[node] = siteLocation[site];
    this.entityOf[node] = stopCount + site;
    this.serviceOf[node] = service[stopCount + site];
  }

  /** Computes changed routes anew. Returns whether they keep every limit. */
  refreshTouched(): boolean {
    let good = true;
    for (let index = 0; index < this.touchedCount; index += 1) {
      if (!this.check(this.touched[index])) good = false;
    }
    return good;
  }

  /** Computes a route anew. Returns whether it keeps every limit, that it may serve its stops left aside. */
  check(vehicle: number): boolean {
    const type = this.typeOf(vehicle);
    const load = this.load[vehicle];
    const keepsTimes = this.refresh(vehicle);
    if (this.stops[vehicle] > type.maxStops || this.sites[vehicle] > type.maxSites) return false;
    if (load > type.maxDayAmount) return false;
    return keepsTimes && (this.instance.features.rich || load <= type.capacity[0]);
  }

  #forgetTouched(): void {
    for (let index = 0; index < this.touchedCount; index += 1) {
      this.#isTouched[this.touched[index]] = 0;
    }
    this.touchedCount = 0;
  }

  #touch(vehicle: number): void {
    if (this.#isTouched[vehicle] === 1) return;
    this.#isTouched[vehicle] = 1;
    this.touched[this.touchedCount] = vehicle;
    this.touchedCount += 1;
  }

  #link(node: number, after: number): void {
    const { next, location, route } = this;
    const vehicle = route[after];
    const type = this.typeOf(vehicle);
    const { size } = this.instance;
    const before = next[after];
    this.#touch(vehicle);
    route[node] = vehicle;
    this.join(after, node);
    this.join(node, before);
    if (this.isBreak(node)) {
      location[node] = location[after];
      return;
    }
    const from = location[after] * size;
    const here = location[node];
    // A break takes place where the vehicle is, so the way goes on from there to the visit behind it.
    let beyond = before;
    while (this.isBreak(beyond)) {
      location[beyond] = here;
      beyond = next[beyond];
    }
    const to = location[beyond];
    const { cost } = type;
    const go = cost[from + here];
    const goOn = cost[here * size + to];
    this.cost += go + goOn - cost[from + to];
    this.arc[after] = go;
    this.arc[node] = goOn;
    if (this.isStop(node)) this.#count(node, vehicle, type, 1);
    else this.sites[vehicle] += 1;
  }

  #unlink(node: number): void {
    const { next, prev, location, route } = this;
    const vehicle = route[node];
    const type = this.typeOf(vehicle);
    const { size } = this.instance;
    const after = prev[node];
    const before = next[node];
    this.#touch(vehicle);
    this.join(after, before);
    route[node] = -1;
    if (this.isBreak(node)) return;
    const here = location[node];
    const from = location[after];
    let beyond = before;
    while (this.isBreak(beyond)) {
      location[beyond] = from;
      beyond = next[beyond];
    }
    const to = location[beyond];
    const { cost } = type;
    const straight = cost[from * size + to];
    this.cost -= cost[from * size + here] + cost[here * size + to] - straight;
    this.arc[after] = straight;
    if (this.isStop(node)) this.#count(node, vehicle, type, -1);
    else {
      this.sites[vehicle] -= 1;
      this.#freeSites[this.#freeSiteCount] = node;
      this.#freeSiteCount += 1;
    }
  }

  /** Books a stop that has come (1) or gone (-1). */
  #count(stop: number, vehicle: number, type: VehicleType, sign: 1 | -1): void {
    const { amount, prize } = this.instance;
    this.load[vehicle] += sign * amount[2 * stop];
    const stops = this.stops[vehicle] + sign;
    this.stops[vehicle] = stops;
    if (type.fixedCost !== 0) {
      if (stops === 0) this.cost -= type.fixedCost;
      else if (stops === 1 && sign === 1) this.cost += type.fixedCost;
    }
    if (sign === 1) {
      this.missed -= prize[stop];
      this.absent.drop(stop);
    } else {
      this.missed += prize[stop];
      this.absent.add(stop);
    }
  }
}
