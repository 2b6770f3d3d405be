import { EdgeLists } from './edge-lists.ts';
import type { Arcs } from './edge-lists.ts';
import { Heap } from './heap.ts';
import { WitnessSearch } from './witness-search.ts';

/** Nodes a search for a way round looks at: few to judge a node, more before a shortcut is really made. */
const GLANCE = 30;
const LOOK = 120;

export interface Contraction {
  readonly lists: EdgeLists;
  /** When each node was contracted: the later, the more important. */
  readonly ranks: Int32Array;
}

/**
 * Contracts node after node, the least important first, and puts shortcuts in its place where no other way is as cheap.
 *
 * Geisberger, Sanders, Schultes, Vetter: Exact Routing in Large Road Networks Using Contraction Hierarchies (2012),
 * doi:10.1287/trsc.1110.0401. Importance: edges won less edges lost, and the depth of what is below, both kept up lazily.
 */
export function contractAll(
  nodeCount: number,
  arcs: Arcs,
  onProgress: (contracted: number) => void,
): Contraction {
  const lists = new EdgeLists(nodeCount, arcs);
  const witness = new WitnessSearch(nodeCount, lists);
  const depths = new Int32Array(nodeCount);
  const ranks = new Int32Array(nodeCount);
  const queue = new Heap(nodeCount);
  const importance = (node: number): number => {
    const lost = lists.outDegree[node] + lists.inDegree[node];
    return 2 * contract(lists, witness, node, false) - lost + depths[node];
  };
  for (let node = 0; node < nodeCount; node += 1) queue.put(node, importance(node));
  for (let rank = 0; rank < nodeCount;) {
    const node = queue.pop();
    const now = importance(node);
    if (queue.count > 0 && now > queue.leastKey) {
      queue.put(node, now);
      continue;
    }
    contract(lists, witness, node, true);
    lists.detach(node);
    deepen(lists, depths, node);
    ranks[node] = rank++;
    if (rank % 4096 === 0) onProgress(rank);
  }
  return { lists, ranks };
}

/** Counts the shortcuts that a node leaves behind, and makes them when `isReal`. */
function contract(lists: EdgeLists, witness: WitnessSearch, node: number, isReal: boolean): number {
  let shortcuts = 0;
  let dearestOut = 0;
  for (let out = lists.firstOut[node]; out >= 0; out = lists.nextOut.array[out]) {
    dearestOut = Math.max(dearestOut, lists.costs.array[out]);
  }
  for (let into = lists.firstIn[node]; into >= 0; into = lists.nextIn.array[into]) {
    const tail = lists.tails.array[into];
    const cost = lists.costs.array[into];
    witness.run(tail, node, cost + dearestOut, isReal ? LOOK : GLANCE);
    for (let out = lists.firstOut[node]; out >= 0; out = lists.nextOut.array[out]) {
      const head = lists.heads.array[out];
      const through = cost + lists.costs.array[out];
      if (head === tail || witness.costs[head] <= through) continue;
      shortcuts += 1;
      if (isReal) lists.put(tail, head, through, into, out);
    }
  }
  return shortcuts;
}

function deepen(lists: EdgeLists, depths: Int32Array, node: number): void {
  const depth = depths[node] + 1;
  for (let edge = lists.firstOut[node]; edge >= 0; edge = lists.nextOut.array[edge]) {
    const head = lists.heads.array[edge];
    if (depths[head] < depth) depths[head] = depth;
  }
  for (let edge = lists.firstIn[node]; edge >= 0; edge = lists.nextIn.array[edge]) {
    const tail = lists.tails.array[edge];
    if (depths[tail] < depth) depths[tail] = depth;
  }
}
