import type { EdgeLists } from './edge-lists.ts';
import { Heap } from './heap.ts';

/** Looks for ways round a node that is to be contracted: Dijkstra's algorithm, given up after a number of nodes. */
export class WitnessSearch {
  readonly costs: Float64Array;
  readonly #lists: EdgeLists;
  readonly #heap: Heap;
  readonly #touched: Int32Array;
  #touchedCount = 0;

  constructor(nodeCount: number, lists: EdgeLists) {
    this.#lists = lists;
    this.costs = new Float64Array(nodeCount).fill(Infinity);
    this.#heap = new Heap(nodeCount);
    this.#touched = new Int32Array(nodeCount);
  }

  /** Afterwards `costs` holds, for every node met, the cost of a way from `source` that avoids `avoided`. */
  run(source: number, avoided: number, mostCost: number, mostNodes: number): void {
    this.#clear();
    const { firstOut } = this.#lists;
    const heads = this.#lists.heads.array;
    const edgeCosts = this.#lists.costs.array;
    const nextOut = this.#lists.nextOut.array;
    this.#reach(source, 0);
    for (let settled = 0; this.#heap.count > 0 && settled < mostNodes; settled += 1) {
      const node = this.#heap.pop();
      const cost = this.costs[node];
      if (cost > mostCost) return;
      for (let edge = firstOut[node]; edge >= 0; edge = nextOut[edge]) {
        const head = heads[edge];
        if (head === avoided) continue;
        const through = cost + edgeCosts[edge];
        if (through < this.costs[head] && through <= mostCost) this.#reach(head, through);
      }
    }
  }

  #reach(node: number, cost: number): void {
    if (this.costs[node] === Infinity) this.#touched[this.#touchedCount++] = node;
    this.costs[node] = cost;
    this.#heap.put(node, cost);
  }

  #clear(): void {
    for (let index = 0; index < this.#touchedCount; index += 1) {
      this.costs[this.#touched[index]] = Infinity;
    }
    this.#touchedCount = 0;
    this.#heap.clear();
  }
}
