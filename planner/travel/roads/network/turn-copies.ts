import { GrowingInts } from '../growing.ts';
import type { Turn } from '../osm/osm-roads.ts';
import type { Streets } from './merge-pieces.ts';

/*
 * A directed street is twice the number of its street, plus 1 for the backward direction.
 */

/** How directed streets hang together. */
export interface Joints {
  readonly nodeCount: number;
  /** The node that each directed street leads to. */
  readonly heads: Int32Array;
  /** The nodes from which directed street `d` can be entered: `tails[tailOffsets[d]] .. tails[tailOffsets[d + 1] - 1]`. */
  readonly tailOffsets: Int32Array;
  readonly tails: Int32Array;
  /** Signs that could not be placed, because a way passes their junction without an end there. */
  readonly unusedSigns: number;
}

/**
 * Lets turn signs hold: a street with a sign at its end leads to a copy of the junction, from where only what is allowed goes on. Turning
 * round is not allowed there, either: else it would be a way round the sign. Nor is it on wide roads, where there is another way on.
 */
export function placeTurns(nodeCount: number, streets: Streets, turns: readonly Turn[]): Joints {
  const heads = new Int32Array(2 * streets.count);
  for (let directed = 0; directed < heads.length; directed += 1) {
    heads[directed] = startNode(streets, directed ^ 1);
  }
  const signs = new Signs(streets, turns);
  const copies: { readonly node: number; readonly after: number }[] = [];
  for (const directed of new Set([...signs.signed, ...wideEnds(streets, heads)])) {
    copies.push({ node: heads[directed], after: directed });
    heads[directed] = nodeCount + copies.length - 1;
  }
  const copiesOf = Map.groupBy(
    copies.map((copy, index) => ({ ...copy, number: nodeCount + index })),
    ({ node }) => node,
  );
  const tailOffsets = new Int32Array(heads.length + 1);
  const tails = new GrowingInts(heads.length);
  for (let directed = 0; directed < heads.length; directed += 1) {
    const start = startNode(streets, directed);
    tails.push(start);
    for (const { after, number } of copiesOf.get(start) ?? []) {
      if (signs.allows(after, directed)) tails.push(number);
    }
    tailOffsets[directed + 1] = tails.length;
  }
  return {
    nodeCount: nodeCount + copies.length,
    heads,
    tailOffsets,
    tails: tails.take(),
    unusedSigns: signs.unused,
  };
}

function startNode({ offsets, nodes }: Streets, directed: number): number {
  const street = directed >> 1;
  return directed % 2 === 0 ? nodes[offsets[street]] : nodes[offsets[street + 1] - 1];
}

/** Directed streets on wide roads of two directions that do not end in a dead end. */
function wideEnds(streets: Streets, heads: Int32Array): number[] {
  const { isWide, forwardKmh, backwardKmh } = streets;
  const isOpen = (directed: number): boolean =>
    (directed % 2 === 0 ? forwardKmh : backwardKmh)[directed >> 1] > 0;
  const directeds = Array.from(heads.keys()).filter(isOpen);
  const ways = new Map<number, number>();
  for (const directed of directeds) {
    const start = startNode(streets, directed);
    ways.set(start, (ways.get(start) ?? 0) + 1);
  }
  return directeds.filter(
    (directed) =>
      isWide[directed >> 1] === 1 && isOpen(directed ^ 1) && (ways.get(heads[directed]) ?? 0) > 1,
  );
}

/** What signs say, by the directed street before them. */
class Signs {
  unused = 0;
  readonly #forbidden = new Map<number, Set<number>>();
  readonly #only = new Map<number, Set<number>>();

  constructor(streets: Streets, turns: readonly Turn[]) {
    const ends = streetsAt(streets, new Set(turns.map(({ viaNode }) => viaNode)));
    for (const { fromWay, viaNode, toWay, isOnly } of turns) {
      const leaving = ends.get(viaNode) ?? [];
      const wayAt = (directed: number): number =>
        (directed % 2 === 0 ? streets.firstWays : streets.lastWays)[directed >> 1];
      const before = leaving.filter((directed) => wayAt(directed) === fromWay);
      const behind = leaving.filter((directed) => wayAt(directed) === toWay);
      const [from, to] = [before[0], behind[0]];
      if (from === undefined || to === undefined || before.length + behind.length !== 2) {
        this.unused += 1;
        continue;
      }
      // What leaves the junction backwards is what arrives at it.
      const rules = isOnly ? this.#only : this.#forbidden;
      const present = rules.get(from ^ 1) ?? new Set();
      rules.set(from ^ 1, present.add(to));
    }
  }

  get signed(): Set<number> {
    return new Set([...this.#forbidden.keys(), ...this.#only.keys()]);
  }

  allows(after: number, next: number): boolean {
    const only = this.#only.get(after);
    if (only !== undefined && !only.has(next)) return false;
    return next !== (after ^ 1) && this.#forbidden.get(after)?.has(next) !== true;
  }
}

/** The directed streets that begin at each of some nodes. */
function streetsAt(streets: Streets, nodes: ReadonlySet<number>): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (let directed = 0; directed < 2 * streets.count; directed += 1) {
    const start = startNode(streets, directed);
    if (!nodes.has(start)) continue;
    const present = found.get(start);
    if (present === undefined) found.set(start, [directed]);
    else present.push(directed);
  }
  return found;
}
