import { Heap } from './heap.ts';
import type { Hierarchy } from './hierarchy.ts';

/** Where a search begins, and at which cost: a street's end, when it begins in the middle of a street. */
export interface Seed {
  readonly node: number;
  readonly cost: number;
}

/**
 * Dijkstra's algorithm from some nodes upwards only. `direction` 0 follows edges, 1 goes against them. Nodes that a way from above reaches
 * more cheaply are left out ("stall on demand"): no shortest way leads over them.
 */
export class UpwardSearch {
  /** Settled nodes and their costs, in the order of costs; the first `count` are of the last run. */
  readonly nodes: Int32Array;
  count = 0;
  readonly costs: Float64Array;
  /** The edge each node was reached by; -1 for a seed. */
  readonly edges: Int32Array;
  /** The node it was reached from; for a seed its index, as -1 - index. */
  readonly parents: Int32Array;
  readonly #hierarchy: Hierarchy;
  readonly #direction: 0 | 1;
  readonly #heap: Heap;
  readonly #touched: Int32Array;
  #touchedCount = 0;

  constructor(hierarchy: Hierarchy, direction: 0 | 1) {
    const size = hierarchy.nodeCount;
    this.#hierarchy = hierarchy;
    this.#direction = direction;
    this.#heap = new Heap(size);
    this.nodes = new Int32Array(size);
    this.costs = new Float64Array(size).fill(Infinity);
    this.edges = new Int32Array(size);
    this.parents = new Int32Array(size);
    this.#touched = new Int32Array(size);
  }

  run(seeds: readonly Seed[]): void {
    this.#clear();
    seeds.forEach(({ node, cost }, index) => {
      if (cost < this.costs[node]) this.#reach(node, cost, -1, -1 - index);
    });
    const { offsets, others, costs } = this.#hierarchy;
    const along = this.#direction;
    while (this.#heap.count > 0) {
      const node = this.#heap.pop();
      const cost = this.costs[node];
      if (this.#isStalled(node, cost)) continue;
      this.nodes[this.count++] = node;
      const end = offsets[2 * node + along + 1];
      for (let edge = offsets[2 * node + along]; edge < end; edge += 1) {
        const through = cost + costs[edge];
        if (through < this.costs[others[edge]]) this.#reach(others[edge], through, edge, node);
      }
    }
  }

  #isStalled(node: number, cost: number): boolean {
    const { offsets, others, costs } = this.#hierarchy;
    const against = 1 - this.#direction;
    const end = offsets[2 * node + against + 1];
    for (let edge = offsets[2 * node + against]; edge < end; edge += 1) {
      if (this.costs[others[edge]] + costs[edge] < cost) return true;
    }
    return false;
  }

  #reach(node: number, cost: number, edge: number, parent: number): void {
    if (this.costs[node] === Infinity) this.#touched[this.#touchedCount++] = node;
    this.costs[node] = cost;
    this.edges[node] = edge;
    this.parents[node] = parent;
    this.#heap.put(node, cost);
  }

  #clear(): void {
    for (let index = 0; index < this.#touchedCount; index += 1) {
      this.costs[this.#touched[index]] = Infinity;
    }
    this.#touchedCount = 0;
    this.count = 0;
  }
}
