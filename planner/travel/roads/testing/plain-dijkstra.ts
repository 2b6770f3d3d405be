import type { Arcs } from '../hierarchy/edge-lists.ts';
import type { Seed } from '../hierarchy/upward-search.ts';

/** Costs from some nodes to all, by the textbook and by none of the engine's code: what the engine is compared with. */
export function plainDijkstra(nodeCount: number, arcs: Arcs, seeds: readonly Seed[]): number[] {
  const outgoing: number[][] = Array.from({ length: nodeCount }, () => []);
  for (let arc = 0; arc < arcs.tails.length; arc += 1) outgoing[arcs.tails[arc]].push(arc);
  const costs = Array.from({ length: nodeCount }, () => Infinity);
  const waiting: [cost: number, node: number][] = [];
  const reach = (node: number, cost: number): void => {
    if (cost >= costs[node]) return;
    costs[node] = cost;
    push(waiting, [cost, node]);
  };
  for (const { node, cost } of seeds) reach(node, cost);
  for (let next = pop(waiting); next !== undefined; next = pop(waiting)) {
    const [cost, node] = next;
    if (cost > costs[node]) continue;
    for (const arc of outgoing[node]) reach(arcs.heads[arc], cost + arcs.costs[arc]);
  }
  return costs;
}

function push(heap: [number, number][], entry: [number, number]): void {
  heap.push(entry);
  let place = heap.length - 1;
  while (place > 0) {
    const above = (place - 1) >> 1;
    if (heap[above][0] <= heap[place][0]) return;
    [heap[above], heap[place]] = [heap[place], heap[above]];
    place = above;
  }
}

function pop(heap: [number, number][]): [number, number] | undefined {
  const least = heap[0];
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return least;
  heap[0] = last;
  let place = 0;
  for (;;) {
    let child = 2 * place + 1;
    if (child >= heap.length) return least;
    if (child + 1 < heap.length && heap[child + 1][0] < heap[child][0]) child += 1;
    if (heap[place][0] <= heap[child][0]) return least;
    [heap[place], heap[child]] = [heap[child], heap[place]];
    place = child;
  }
}
