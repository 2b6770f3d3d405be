import type { Neighbours } from './neighbours.ts';
import type { Random } from './random.ts';
import type { Tours } from './tours.ts';

/** Of the stops left out earlier, so many are tried again in a step. */
const OTHERS_TRIED = 50;

/** Weights of the orders in which stops are put back. */
const ORDERS = [
  ['random', 4],
  ['demand', 4],
  ['far', 2],
  ['close', 1],
  ['shortWindow', 2],
  ['earlyStart', 2],
  ['earlyEnd', 2],
] as const;
type Order = (typeof ORDERS)[number][0];

/** Which absent stops are to be put back, and in which order. */
export class Queue {
  readonly list: Int32Array;
  readonly #tours: Tours;
  readonly #wide: Neighbours;
  readonly #random: Random;
  readonly #keys: Float64Array;
  readonly #orders: readonly Order[];

  constructor(tours: Tours, wide: Neighbours, random: Random) {
    const { stopCount, features } = tours.instance;
    this.#tours = tours;
    this.#wide = wide;
    this.#random = random;
    this.list = new Int32Array(stopCount);
    this.#keys = new Float64Array(stopCount);
    this.#orders = ORDERS.flatMap(([name, weight]) => {
      const windowed = name === 'shortWindow' || name === 'earlyStart' || name === 'earlyEnd';
      return windowed && !features.timed ? [] : Array<Order>(weight).fill(name);
    });
  }

  /** Chooses stops and puts them into an order chosen by chance. Returns how many there are. */
  fill(): number {
    const order = this.#orders[this.#random.below(this.#orders.length)];
    const count = this.#choose();
    for (let index = 0; index < count; index += 1) {
      const stop = this.list[index];
      this.#keys[stop] = this.#keyOf(stop, order);
    }
    // Few stops: insertion sort beats a sort that needs a comparison function.
    if (count > 200)
      this.list.subarray(0, count).sort((a, b) => this.#keys[a] - this.#keys[b] || a - b);
    else this.#insertionSort(count);
    return count;
  }

  /**
   * Which absent stops to put back: those just taken out, and of the others those that must be served. Of stops that have
   * been left out for good reason only a few are tried, near the place where something changed.
   */
  #choose(): number {
    const { instance } = this.#tours;
    const { list: absent, count: absentCount, removed: removedCount } = this.#tours.absent;
    const removed = Math.min(removedCount, absentCount);
    let count = 0;
    const keepFrom = absentCount - removed;
    for (let index = keepFrom; index < absentCount; index += 1) this.list[count++] = absent[index];
    if (keepFrom <= OTHERS_TRIED) {
      for (let index = 0; index < keepFrom; index += 1) this.list[count++] = absent[index];
      return count;
    }
    if (instance.mustCount > 0) {
      for (let index = 0; index < keepFrom; index += 1) {
        if (instance.must[absent[index]] === 1) this.list[count++] = absent[index];
      }
    }
    return this.#chooseNear(
      count,
      removed > 0 ? absent[absentCount - 1] : absent[this.#random.below(absentCount)],
    );
  }

  #chooseNear(chosen: number, centre: number): number {
    const { instance, route } = this.#tours;
    const { count: most, list } = this.#wide;
    let count = chosen;
    const end = chosen + OTHERS_TRIED;
    for (let rank = 0; rank < most && count < end; rank += 1) {
      const stop = list[centre * most + rank];
      if (route[stop] === -1 && instance.must[stop] === 0 && !this.#isQueued(stop, chosen)) {
        this.list[count++] = stop;
      }
    }
    return count;
  }

  #isQueued(stop: number, count: number): boolean {
    for (let index = 0; index < count; index += 1) if (this.list[index] === stop) return true;
    return false;
  }

  #insertionSort(count: number): void {
    const queue = this.list;
    const keys = this.#keys;
    for (let index = 1; index < count; index += 1) {
      const stop = queue[index];
      const key = keys[stop];
      let at = index;
      for (; at > 0 && keys[queue[at - 1]] > key; at -= 1) queue[at] = queue[at - 1];
      queue[at] = stop;
    }
  }

  #keyOf(stop: number, order: Order): number {
    const { instance } = this.#tours;
    const { types, stopLocation, size, problem, windowStart, windows } = instance;
    const from = windowStart[stop];
    const end = windowStart[stop + 1];
    const depot = problem.vehicles[0]?.start ?? instance.nowhere;
    switch (order) {
      case 'random':
        return this.#random.next();
      case 'demand':
        return -instance.amount[2 * stop];
      case 'far':
        return -types[0].cost[depot * size + stopLocation[stop]];
      case 'close':
        return types[0].cost[depot * size + stopLocation[stop]];
      case 'shortWindow':
        return from === end ? 1e9 : windows[end - 1] - windows[from];
      case 'earlyStart':
        return from === end ? 0 : windows[from];
      case 'earlyEnd':
        return from === end ? 1e9 : windows[end - 1];
    }
  }
}
