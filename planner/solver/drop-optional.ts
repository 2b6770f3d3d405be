import type { Tours } from './tours.ts';

/**
 * Leaves out the stops of changed routes whose prize is less than what the way to them costs.
 * @returns whether the routes still keep their limits.
 */
export function dropOptional(tours: Tours): boolean {
  let good = true;
  for (let index = 0; index < tours.touchedCount; index += 1) {
    if (!dropFromRoute(tours, tours.touched[index])) good = false;
  }
  return good;
}

function dropFromRoute(tours: Tours, vehicle: number): boolean {
  const { next, location, instance } = tours;
  const { size, prize, stopCount } = instance;
  const { cost } = tours.typeOf(vehicle);
  let changed = false;
  let last = tours.head(vehicle);
  for (let node = next[last]; node !== -1;) {
    const following = next[node];
    if (
      node < stopCount &&
      following !== -1 &&
      instance.must[node] === 0 &&
      !tours.isFrozen(node)
    ) {
      const from = location[last] * size;
      const here = location[node];
      // A break behind the stop takes its place; the way goes on to the visit behind the break.
      let beyond = following;
      while (tours.isBreak(beyond)) beyond = next[beyond];
      const to = location[beyond];
      if (cost[from + here] + cost[here * size + to] - cost[from + to] > prize[node]) {
        tours.remove(node);
        changed = true;
        node = following;
        continue;
      }
    }
    last = node;
    node = following;
  }
  return !changed || tours.check(vehicle);
}
