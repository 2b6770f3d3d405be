import { GrowingFloats, GrowingInts } from '../growing.ts';

/** One-way connections between nodes, before the hierarchy is built. */
export interface Arcs {
  readonly tails: Int32Array;
  readonly heads: Int32Array;
  readonly costs: Float64Array;
  /** What each stands for: a directed street. */
  readonly streets: Int32Array;
}

/**
 * The edges among nodes that are not contracted yet, as linked lists of each node's outgoing and incoming edges. The lists of a
 * contracted node stay as they were at that moment: its edges to nodes above it.
 */
export class EdgeLists {
  readonly firstOut: Int32Array;
  readonly firstIn: Int32Array;
  readonly outDegree: Int32Array;
  readonly inDegree: Int32Array;
  readonly tails = new GrowingInts();
  readonly heads = new GrowingInts();
  readonly costs = new GrowingFloats();
  readonly nextOut = new GrowingInts();
  readonly nextIn = new GrowingInts();
  /** A shortcut's first and second part, both edges; for an edge of the graph -1 and its street. */
  readonly firstParts = new GrowingInts();
  readonly secondParts = new GrowingInts();

  constructor(nodeCount: number, arcs: Arcs) {
    this.firstOut = new Int32Array(nodeCount).fill(-1);
    this.firstIn = new Int32Array(nodeCount).fill(-1);
    this.outDegree = new Int32Array(nodeCount);
    this.inDegree = new Int32Array(nodeCount);
    for (let arc = 0; arc < arcs.tails.length; arc += 1) {
      if (arcs.tails[arc] === arcs.heads[arc]) continue;
      this.put(arcs.tails[arc], arcs.heads[arc], arcs.costs[arc], -1, arcs.streets[arc]);
    }
  }

  /** Adds an edge, or makes the present one between the two nodes cheaper. */
  put(tail: number, head: number, cost: number, firstPart: number, secondPart: number): void {
    const present = this.#find(tail, head);
    if (present >= 0) {
      if (this.costs.array[present] <= cost) return;
      this.costs.array[present] = cost;
      this.firstParts.array[present] = firstPart;
      this.secondParts.array[present] = secondPart;
      return;
    }
    const edge = this.tails.length;
    this.tails.push(tail);
    this.heads.push(head);
    this.costs.push(cost);
    this.firstParts.push(firstPart);
    this.secondParts.push(secondPart);
    this.nextOut.push(this.firstOut[tail]);
    this.nextIn.push(this.firstIn[head]);
    this.firstOut[tail] = edge;
    this.firstIn[head] = edge;
    this.outDegree[tail] += 1;
    this.inDegree[head] += 1;
  }

  /** Takes a node out of its neighbours' lists. */
  detach(node: number): void {
    const nextOut = this.nextOut.array;
    const nextIn = this.nextIn.array;
    for (let edge = this.firstOut[node]; edge >= 0; edge = nextOut[edge]) {
      const head = this.heads.array[edge];
      unlink(this.firstIn, nextIn, head, edge);
      this.inDegree[head] -= 1;
    }
    for (let edge = this.firstIn[node]; edge >= 0; edge = nextIn[edge]) {
      const tail = this.tails.array[edge];
      unlink(this.firstOut, nextOut, tail, edge);
      this.outDegree[tail] -= 1;
    }
  }

  #find(tail: number, head: number): number {
    if (this.outDegree[tail] <= this.inDegree[head]) {
      let edge = this.firstOut[tail];
      while (edge >= 0 && this.heads.array[edge] !== head) edge = this.nextOut.array[edge];
      return edge;
    }
    let edge = this.firstIn[head];
    while (edge >= 0 && this.tails.array[edge] !== tail) edge = this.nextIn.array[edge];
    return edge;
  }
}

/**
 * Takes an edge out of one list. Its own pointer in that list stays, but nothing leads to it: lists of a contracted node run along the
 * other pointer.
 */
function unlink(first: Int32Array, next: Int32Array, node: number, edge: number): void {
  let at = first[node];
  if (at === edge) {
    first[node] = next[edge];
    return;
  }
  while (next[at] !== edge) at = next[at];
  next[at] = next[edge];
}
