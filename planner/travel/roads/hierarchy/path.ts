import { unpackEdge } from './hierarchy.ts';
import type { Hierarchy } from './hierarchy.ts';
import { UpwardSearch } from './upward-search.ts';
import type { Seed } from './upward-search.ts';

export interface Path {
  readonly cost: number;
  /** Which seeds it begins and ends at. */
  readonly source: number;
  readonly target: number;
  /** The directed streets between the two. */
  readonly streets: readonly number[];
}

/** The cheapest way from one of the sources to one of the targets; `undefined` when there is none. */
export function findPath(
  hierarchy: Hierarchy,
  sources: readonly Seed[],
  targets: readonly Seed[],
): Path | undefined {
  const up = new UpwardSearch(hierarchy, 0);
  const down = new UpwardSearch(hierarchy, 1);
  up.run(sources);
  down.run(targets);
  let cost = Infinity;
  let top = -1;
  for (let index = 0; index < up.count; index += 1) {
    const node = up.nodes[index];
    const whole = up.costs[node] + down.costs[node];
    if (whole < cost) {
      cost = whole;
      top = node;
    }
  }
  if (top < 0) return undefined;
  const { edges: upEdges, seed: source } = climbBack(up, top);
  const { edges: downEdges, seed: target } = climbBack(down, top);
  const streets: number[] = [];
  for (const edge of upEdges.toReversed()) unpackEdge(hierarchy, edge, streets);
  for (const edge of downEdges) unpackEdge(hierarchy, edge, streets);
  return { cost, source, target, streets };
}

/** The edges from a node back to the seed that it was reached from. */
function climbBack(search: UpwardSearch, top: number): { edges: number[]; seed: number } {
  const edges: number[] = [];
  let node = top;
  while (search.edges[node] >= 0) {
    edges.push(search.edges[node]);
    node = search.parents[node];
  }
  return { edges, seed: -1 - search.parents[node] };
}
