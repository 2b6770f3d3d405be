import type { Random } from './random.ts';
import type { Tours } from './tours.ts';

/** How often a break of a changed route is tried elsewhere, and how many visits away at most. */
const MOVE_SHARE = 0.3;
const FARTHEST = 6;

/** Lets breaks of changed routes wander: a few visits earlier or later, where the route then ends no later. */
export function moveBreaks(tours: Tours, random: Random): void {
  const { problem } = tours.instance;
  for (let index = 0; index < tours.touchedCount; index += 1) {
    const vehicle = tours.touched[index];
    if (problem.vehicles[vehicle].breaks.length === 0 || tours.stops[vehicle] === 0) continue;
    const tail = tours.tail(vehicle);
    for (let node = tours.next[tours.head(vehicle)]; node !== tail;) {
      const following = tours.next[node];
      if (tours.isBreak(node) && random.next() < MOVE_SHARE)
        moveBreak(tours, vehicle, node, random);
      node = following;
    }
  }
}

function moveBreak(tours: Tours, vehicle: number, pause: number, random: Random): void {
  const { prev, next, sealed } = tours;
  const before = prev[pause];
  if (sealed[pause] === 1) return;
  const end = tours.ea[tours.tail(vehicle)];
  const earlier = random.next() < 0.5;
  let after = earlier ? before : pause;
  for (let steps = 1 + random.below(FARTHEST); steps > 0; steps -= 1) {
    const neighbour = earlier ? prev[after] : next[after];
    if (neighbour === -1 || tours.isTail(neighbour) || sealed[neighbour] === 1) break;
    after = neighbour;
  }
  if (after === before || after === pause) return;
  tours.remove(pause);
  tours.insertAfter(pause, after);
  if (tours.check(vehicle) && tours.ea[tours.tail(vehicle)] <= end) return;
  tours.remove(pause);
  tours.insertAfter(pause, before);
  tours.check(vehicle);
}
