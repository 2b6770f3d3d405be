import { NO_WAY } from '../problem/matrix.ts';
import type { Fit, Place } from './insertion.ts';
import { NEVER } from './instance.ts';
import type { VehicleType } from './instance.ts';
import type { Tours } from './tours.ts';

/** Sites looked at for one place; those farther away hardly ever pay. */
const SITES_TRIED = 3;

/** Puts a stop into a route together with a visit to a disposal site, where the stop alone would be too much. */
export class SiteVisits {
  readonly #tours: Tours;
  readonly #fit: Fit;
  /** The nearest sites of a location that empty a compartment, on the way there and back, by type: (compartment * size + location) * SITES_TRIED. */
  readonly #nearest: readonly Int32Array[];

  constructor(tours: Tours, fit: Fit) {
    this.#tours = tours;
    this.#fit = fit;
    this.#nearest = tours.instance.types.map((type) => findNearestSites(tours, type));
  }

  /** Tries after -> stop -> site -> beyond and after -> site -> stop -> beyond. */
  tryBoth(
    stop: number,
    after: number,
    beyond: number,
    vehicle: number,
    type: VehicleType,
    opening: number,
    best: Place,
  ): void {
    const { instance, location, sites } = this.#tours;
    if (sites[vehicle] >= type.maxSites || !this.#tours.hasFreeSite) return;
    const { size, typeOf } = instance;
    const { cost } = type;
    const here = location[stop];
    const from = location[after];
    const to = location[beyond];
    const nearest = this.#nearest[typeOf[vehicle]];
    const first = (type.compartment[stop] * size + here) * SITES_TRIED;
    const old = cost[from * size + to];
    for (let rank = 0; rank < SITES_TRIED; rank += 1) {
      const site = nearest[first + rank];
      if (site === -1) break;
      const at = instance.siteLocation[site];
      if (cost[here * size + at] >= NO_WAY || cost[at * size + here] >= NO_WAY) continue;
      const later =
        cost[from * size + here] + cost[here * size + at] + cost[at * size + to] - old + opening;
      if (later < best.cost && this.#fits(stop, site, true, after, beyond, vehicle, type)) {
        best.set(after, later, site, true);
      }
      const sooner =
        cost[from * size + at] + cost[at * size + here] + cost[here * size + to] - old + opening;
      if (sooner < best.cost && this.#fits(stop, site, false, after, beyond, vehicle, type)) {
        best.set(after, sooner, site, false);
      }
    }
  }

  #fits(
    stop: number,
    site: number,
    siteAfter: boolean,
    after: number,
    beyond: number,
    vehicle: number,
    type: VehicleType,
  ): boolean {
    return (
      this.#loadsFit(stop, site, siteAfter, after, type) &&
      this.#timesFit(stop, site, siteAfter, after, beyond, vehicle, type)
    );
  }

  /** The stop joins the trip before the visit, or the one behind it; each dimension that the site does not empty goes on. */
  #loadsFit(
    stop: number,
    site: number,
    siteAfter: boolean,
    after: number,
    type: VehicleType,
  ): boolean {
    const { loadBefore, loadAfter, instance, next } = this.#tours;
    const { dimensions, amount, weighs } = instance;
    const mask = type.siteMask[site];
    const behind = next[after];
    const first = type.compartment[stop] * (weighs ? 2 : 1);
    if (type.mustEndEmpty && !(siteAfter && (mask >> first) & 1)) {
      if (!this.#fit.isEmptiedLater(stop, behind, type)) return false;
    }
    for (let d = 0; d < type.capacity.length; d += 1) {
      const own =
        d === first ? amount[2 * stop] : weighs && d === first + 1 ? amount[2 * stop + 1] : 0;
      const before = loadBefore[after * dimensions + d];
      const rest = loadAfter[behind * dimensions + d];
      if ((mask >> d) & 1) {
        if (before + (siteAfter ? own : 0) > type.capacity[d]) return false;
        if (rest + (siteAfter ? 0 : own) > type.capacity[d]) return false;
      } else if (before + own + rest > type.capacity[d]) return false;
    }
    return true;
  }

  #timesFit(
    stop: number,
    site: number,
    siteAfter: boolean,
    after: number,
    beyond: number,
    vehicle: number,
    type: VehicleType,
  ): boolean {
    const tours = this.#tours;
    const { instance, location, dep, la, next, serviceOf } = tours;
    const { size, stopCount, siteLocation, release, features } = instance;
    const at = siteLocation[site];
    const here = location[stop];
    const one = siteAfter ? here : at;
    const two = siteAfter ? at : here;
    const { seconds } = type;
    const from = location[after] * size;
    const ways =
      seconds[from + one] + seconds[one * size + two] + seconds[two * size + location[beyond]];
    if (tours.seconds[vehicle] + ways - seconds[from + location[beyond]] > type.maxSeconds)
      return false;
    let left = dep[after];
    if (siteAfter && features.releases) {
      left = this.#fit.leaveWhenReleased(after, release[stop], type);
      if (left >= NEVER) return false;
    }
    let time = left + seconds[from + one];
    time = this.#leave(siteAfter ? stop : stopCount + site, time);
    if (!siteAfter && features.releases) time = Math.max(time, release[stop]);
    time = this.#leave(siteAfter ? stopCount + site : stop, time + seconds[one * size + two]);
    for (let node = next[after]; node !== beyond; node = next[node]) {
      time = tours.serviceStart(node, time) + serviceOf[node];
    }
    return time + seconds[two * size + location[beyond]] <= la[beyond];
  }

  /** When a stop or site is left by one who arrives at `arrival`. */
  #leave(entity: number, arrival: number): number {
    const { windowStart, windows, service } = this.#tours.instance;
    const end = windowStart[entity + 1];
    let at = windowStart[entity];
    if (at === end) return arrival + service[entity];
    for (; at < end; at += 2) {
      if (arrival <= windows[at + 1]) return Math.max(arrival, windows[at]) + service[entity];
    }
    return NEVER;
  }
}

function findNearestSites({ instance }: Tours, type: VehicleType): Int32Array {
  const { size, siteLocation, weighs } = instance;
  const { cost, sites, siteMask, capacity } = type;
  const width = weighs ? 2 : 1;
  const compartments = capacity.length / width;
  const nearest = new Int32Array(compartments * size * SITES_TRIED).fill(-1);
  for (let compartment = 0; compartment < compartments; compartment += 1) {
    const fitting = sites.filter((site) => (siteMask[site] >> (compartment * width)) & 1);
    for (let from = 0; from < size; from += 1) {
      const detour = (site: number): number =>
        cost[from * size + siteLocation[site]] + cost[siteLocation[site] * size + from];
      const best = fitting.toSorted((a, b) => detour(a) - detour(b)).slice(0, SITES_TRIED);
      nearest.set(best, (compartment * size + from) * SITES_TRIED);
    }
  }
  return nearest;
}
