import { NO_WAY } from '../problem/matrix.ts';
import type { VehicleType } from './instance.ts';
import type { Random } from './random.ts';
import type { Tours } from './tours.ts';

/** How often the visits to disposal sites of a changed route are looked at. */
const LOOK_SHARE = 0.5;
/** Places that are driven to the end before it is left where it was. */
const MOST_TRIES = 4;

/** Moves visits to disposal sites of changed routes to cheaper places, or to other sites. */
export function moveSites(tours: Tours, random: Random): void {
  for (let index = 0; index < tours.touchedCount; index += 1) {
    const vehicle = tours.touched[index];
    if (tours.sites[vehicle] === 0 || random.next() >= LOOK_SHARE) continue;
    const tail = tours.tail(vehicle);
    for (let node = tours.next[tours.head(vehicle)]; node !== tail;) {
      const following = tours.next[node];
      if (tours.isSite(node) && tours.sealed[node] === 0) moveSite(tours, vehicle, node);
      node = following;
    }
  }
}

/** Takes one visit out and puts it where it costs least; back where it was if nowhere costs less. */
function moveSite(tours: Tours, vehicle: number, visit: number): void {
  const { prev } = tours;
  const was = prev[visit];
  const wasSite = tours.siteOf[visit - tours.firstSiteNode];
  const dear = tours.cost;
  tours.remove(visit);
  tours.refresh(vehicle);
  const type = tours.typeOf(vehicle);
  let floor = -Infinity;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const found = findCheapest(tours, vehicle, type, dear - tours.cost, floor);
    if (found === undefined) break;
    floor = found.cost;
    const node = tours.takeSite(found.site);
    tours.insertAfter(node, found.after);
    if (tours.check(vehicle)) return;
    tours.remove(node);
    tours.refresh(vehicle);
  }
  tours.insertAfter(tours.takeSite(wasSite), was);
  tours.refresh(vehicle);
}

interface SitePlace {
  readonly after: number;
  readonly site: number;
  readonly cost: number;
}

/** The cheapest place for one visit that costs more than `floor` and less than `ceiling`, and that the loads allow. */
function findCheapest(
  tours: Tours,
  vehicle: number,
  type: VehicleType,
  ceiling: number,
  floor: number,
): SitePlace | undefined {
  const { next, location, instance, sealed } = tours;
  const { size, siteLocation } = instance;
  const { cost } = type;
  const tail = tours.tail(vehicle);
  let least = ceiling;
  let best: SitePlace | undefined;
  for (let after = tours.head(vehicle); after !== tail; after = next[after]) {
    if (sealed[after] === 1) continue;
    let beyond = next[after];
    while (tours.isBreak(beyond)) beyond = next[beyond];
    const from = location[after] * size;
    const to = location[beyond];
    for (const site of type.sites) {
      const at = siteLocation[site];
      const more = cost[from + at] + cost[at * size + to] - cost[from + to];
      if (more <= floor || more >= least || more >= NO_WAY / 2) continue;
      if (!loadsFit(tours, type, after, type.siteMask[site])) continue;
      least = more;
      best = { after, site, cost: more };
    }
  }
  return best;
}

/** Whether unloading behind `after` leaves neither the trip before it nor the one behind it too full. */
function loadsFit(tours: Tours, type: VehicleType, after: number, mask: number): boolean {
  const { loadBefore, loadAfter, emptiedLater, next, instance } = tours;
  const { dimensions } = instance;
  const behind = next[after];
  for (let d = 0; d < type.capacity.length; d += 1) {
    const before = loadBefore[after * dimensions + d];
    const rest = loadAfter[behind * dimensions + d];
    const isEmptied = ((mask >> d) & 1) === 1;
    if (
      isEmptied
        ? before > type.capacity[d] || rest > type.capacity[d]
        : before + rest > type.capacity[d]
    )
      return false;
    if (!type.mustEndEmpty || (emptiedLater[behind] >> d) & 1) continue;
    if (isEmptied ? rest > 0 : before + rest > 0) return false;
  }
  return true;
}
