import { contractAll } from './contract.ts';
import type { Contraction } from './contract.ts';
import type { Arcs } from './edge-lists.ts';

/**
 * A contraction hierarchy. Nodes are numbered by importance, the most important first: what searches meet often lies together.
 * Each edge belongs to its less important end. Edges of node `v` that lead up are at `offsets[2v] .. offsets[2v + 1]`, those that
 * come down to it from above at `offsets[2v + 1] .. offsets[2v + 2]`.
 */
export interface Hierarchy {
  readonly nodeCount: number;
  readonly offsets: Int32Array;
  /** The edge's other, more important end. */
  readonly others: Int32Array;
  readonly costs: Float64Array;
  /** A shortcut's two parts; for an edge of the graph -1 and its street. */
  readonly firstParts: Int32Array;
  readonly secondParts: Int32Array;
}

/** Builds a hierarchy. `numbers` tells the new number of each node. */
export function buildHierarchy(
  nodeCount: number,
  arcs: Arcs,
  onProgress: (contracted: number) => void = () => {},
): { readonly hierarchy: Hierarchy; readonly numbers: Int32Array } {
  const contraction = contractAll(nodeCount, arcs, onProgress);
  const numbers = contraction.ranks.map((rank) => nodeCount - 1 - rank);
  return { hierarchy: arrange(nodeCount, contraction, numbers), numbers };
}

function arrange(nodeCount: number, { lists }: Contraction, numbers: Int32Array): Hierarchy {
  const count = lists.tails.length;
  const slots = new Int32Array(count);
  const others = new Int32Array(count);
  const offsets = new Int32Array(2 * nodeCount + 1);
  const owners = new Int32Array(count);
  for (let edge = 0; edge < count; edge += 1) {
    const tail = numbers[lists.tails.array[edge]];
    const head = numbers[lists.heads.array[edge]];
    owners[edge] = tail > head ? 2 * tail : 2 * head + 1;
    offsets[owners[edge] + 1] += 1;
  }
  for (let index = 0; index < 2 * nodeCount; index += 1) offsets[index + 1] += offsets[index];
  const next = offsets.slice();
  const costs = new Float64Array(count);
  for (let edge = 0; edge < count; edge += 1) {
    const slot = next[owners[edge]]++;
    slots[edge] = slot;
    const isUp = owners[edge] % 2 === 0;
    others[slot] = numbers[isUp ? lists.heads.array[edge] : lists.tails.array[edge]];
    costs[slot] = lists.costs.array[edge];
  }
  const firstParts = new Int32Array(count);
  const secondParts = new Int32Array(count);
  for (let edge = 0; edge < count; edge += 1) {
    const first = lists.firstParts.array[edge];
    const second = lists.secondParts.array[edge];
    firstParts[slots[edge]] = first < 0 ? -1 : slots[first];
    secondParts[slots[edge]] = first < 0 ? second : slots[second];
  }
  return { nodeCount, offsets, others, costs, firstParts, secondParts };
}

/** The streets that an edge stands for, in order, into `streets`. */
export function unpackEdge(hierarchy: Hierarchy, edge: number, streets: number[]): void {
  const stack = [edge];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const first = hierarchy.firstParts[top];
    if (first < 0) streets.push(hierarchy.secondParts[top]);
    else stack.push(hierarchy.secondParts[top], first);
  }
}
