import type { Tours } from './tours.ts';

/** Takes visits to disposal sites out of the changed routes where the trips on both sides now fit into one. */
export function tidySites(tours: Tours): void {
  for (let index = 0; index < tours.touchedCount; index += 1) {
    const vehicle = tours.touched[index];
    if (tours.sites[vehicle] > 0) tidyRoute(tours, vehicle);
  }
}

function tidyRoute(tours: Tours, vehicle: number): void {
  const { next, prev } = tours;
  const tail = tours.tail(vehicle);
  for (let node = next[tours.head(vehicle)]; node !== tail;) {
    const following = next[node];
    if (tours.isSite(node) && tours.sealed[node] === 0) {
      const before = prev[node];
      const site = tours.siteOf[node - tours.firstSiteNode];
      tours.remove(node);
      if (!tours.check(vehicle)) {
        tours.insertAfter(tours.takeSite(site), before);
        tours.refresh(vehicle);
      }
    }
    node = following;
  }
}
