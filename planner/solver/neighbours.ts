import type { Instance } from './instance.ts';

/** Stops near each stop, nearest first: `count` of each, at `stop * count`. */
export interface Neighbours {
  readonly count: number;
  readonly list: Uint16Array | Uint32Array;
}

/** How much waiting and lateness count beside the way, when it is asked which stops go well together (Vidal et al. 2013, doi:10.1016/j.cor.2012.07.018). */
const WAIT_WEIGHT = 0.2;
const LATE_WEIGHT = 1;

/** Finds the nearest stops of each stop, by way and by windows, either stop being the first. */
export function findNeighbours(instance: Instance, most: number): Neighbours {
  const { stopCount, stopLocation, size, types, features } = instance;
  const count = Math.max(0, Math.min(most, stopCount - 1));
  const list =
    stopCount > 65_535 ? new Uint32Array(stopCount * count) : new Uint16Array(stopCount * count);
  const { cost } = types[0];
  // Distance and index in one number: sorting numbers needs no comparison function, which is ten times as fast.
  const keys = new Float64Array(stopCount);
  for (let stop = 0; stop < stopCount; stop += 1) {
    const here = stopLocation[stop];
    for (let other = 0; other < stopCount; other += 1) {
      const there = stopLocation[other];
      const near = features.timed
        ? Math.min(pairCost(instance, stop, other), pairCost(instance, other, stop))
        : Math.min(cost[here * size + there], cost[there * size + here]);
      keys[other] = Math.round(near) * stopCount + other;
    }
    keys[stop] = Infinity;
    keys.sort();
    for (let rank = 0; rank < count; rank += 1) {
      list[stop * count + rank] = keys[rank] % stopCount;
    }
  }
  return { count, list };
}

/** What it takes to go from one stop to the next: the way, waiting for its window, and being late for it. */
function pairCost(
  { stopLocation, size, types, service, windowStart, windows }: Instance,
  a: number,
  b: number,
): number {
  const way = stopLocation[a] * size + stopLocation[b];
  const { cost, seconds } = types[0];
  const perSecond = seconds[way] > 0 ? cost[way] / seconds[way] : 1;
  const go = service[a] + seconds[way];
  const [fromA, untilA] = bounds(windowStart, windows, a);
  const [fromB, untilB] = bounds(windowStart, windows, b);
  const wait = Math.max(0, fromB - go - untilA);
  const late = Math.max(0, fromA + go - untilB);
  return cost[way] + perSecond * (WAIT_WEIGHT * wait + LATE_WEIGHT * late);
}

function bounds(windowStart: Int32Array, windows: Int32Array, stop: number): [number, number] {
  const from = windowStart[stop];
  const end = windowStart[stop + 1];
  return from === end ? [-1e9, 1e9] : [windows[from], windows[end - 1]];
}
