import type { Arcs } from '../hierarchy/edge-lists.ts';

/**
 * Marks the nodes of the largest set in which every node is reached from every other (Tarjan's algorithm, without recursion). Whatever
 * lies outside is an island or a trap: a way there, or back, would not exist.
 */
export function largestComponent(nodeCount: number, { tails, heads }: Arcs): Uint8Array {
  const offsets = new Int32Array(nodeCount + 1);
  for (const tail of tails) offsets[tail + 1] += 1;
  for (let node = 0; node < nodeCount; node += 1) offsets[node + 1] += offsets[node];
  const targets = new Int32Array(heads.length);
  const next = offsets.slice();
  for (let arc = 0; arc < tails.length; arc += 1) targets[next[tails[arc]]++] = heads[arc];
  return new Tarjan(nodeCount, offsets, targets).largest();
}

class Tarjan {
  readonly #offsets: Int32Array;
  readonly #targets: Int32Array;
  readonly #next: Int32Array;
  /** 0: not met yet. */
  readonly #order: Int32Array;
  readonly #low: Int32Array;
  readonly #component: Int32Array;
  readonly #open: number[] = [];
  readonly #path: number[] = [];
  #met = 0;
  readonly #sizes: number[] = [];

  constructor(nodeCount: number, offsets: Int32Array, targets: Int32Array) {
    this.#offsets = offsets;
    this.#targets = targets;
    this.#next = offsets.slice();
    this.#order = new Int32Array(nodeCount);
    this.#low = new Int32Array(nodeCount);
    this.#component = new Int32Array(nodeCount).fill(-1);
  }

  largest(): Uint8Array {
    for (let node = 0; node < this.#order.length; node += 1) {
      if (this.#order[node] === 0) this.#explore(node);
    }
    const best = this.#sizes.indexOf(this.#sizes.reduce((one, other) => Math.max(one, other), 0));
    return Uint8Array.from(this.#component, (component) => (component === best ? 1 : 0));
  }

  #explore(root: number): void {
    this.#enter(root);
    for (let node = this.#path.at(-1); node !== undefined; node = this.#path.at(-1)) {
      if (this.#next[node] < this.#offsets[node + 1]) {
        const target = this.#targets[this.#next[node]++];
        if (this.#order[target] === 0) this.#enter(target);
        else if (this.#component[target] < 0) this.#lower(node, this.#order[target]);
        continue;
      }
      this.#path.pop();
      const parent = this.#path.at(-1);
      if (parent !== undefined) this.#lower(parent, this.#low[node]);
      if (this.#low[node] === this.#order[node]) this.#close(node);
    }
  }

  #enter(node: number): void {
    this.#order[node] = this.#low[node] = ++this.#met;
    this.#open.push(node);
    this.#path.push(node);
  }

  #lower(node: number, order: number): void {
    if (order < this.#low[node]) this.#low[node] = order;
  }

  /** All that is open above its root is one component. */
  #close(root: number): void {
    let size = 0;
    for (let node = this.#open.pop(); node !== undefined; node = this.#open.pop()) {
      this.#component[node] = this.#sizes.length;
      size += 1;
      if (node === root) break;
    }
    this.#sizes.push(size);
  }
}
