import { GrowingInts } from '../growing.ts';
import type { OsmRoads, ProfileRoads } from '../osm/osm-roads.ts';

/** Pieces of ways between junctions. */
export interface Pieces {
  readonly count: number;
  /** The nodes of piece `p`: `nodes[offsets[p]] .. nodes[offsets[p + 1] - 1]`. */
  readonly offsets: Int32Array;
  readonly nodes: Int32Array;
  readonly ways: Int32Array;
  /** Nodes and their positions, with a copy for each road that ends at a barrier. */
  readonly lats: Int32Array;
  readonly lngs: Int32Array;
}

/** Cuts the ways of a profile at junctions, at turn signs, and through at barriers. */
export function splitWays(roads: OsmRoads, profile: ProfileRoads): Pieces {
  const uses = countUses(roads, profile);
  const splitter = new Splitter(roads);
  for (let way = 0; way < roads.wayStreets.length; way += 1) {
    if (profile.forwardKmh[way] + profile.backwardKmh[way] === 0) continue;
    splitter.beginWay(way);
    for (let index = roads.wayOffsets[way]; index < roads.wayOffsets[way + 1]; index += 1) {
      const node = roads.wayNodes[index];
      if (node < 0) splitter.cut();
      else if (profile.isBlocked[node] === 1) splitter.block(node);
      else splitter.pass(node, uses[node] > 1);
    }
    splitter.cut();
  }
  return splitter.take();
}

/** How often each node is used; twice or more where something meets. Nodes with turn signs count as junctions. */
function countUses(roads: OsmRoads, profile: ProfileRoads): Uint8Array {
  const uses = new Uint8Array(roads.lats.length);
  const use = (node: number): void => {
    if (node >= 0 && uses[node] < 2) uses[node] += 1;
  };
  for (let way = 0; way < roads.wayStreets.length; way += 1) {
    if (profile.forwardKmh[way] + profile.backwardKmh[way] === 0) continue;
    for (let index = roads.wayOffsets[way]; index < roads.wayOffsets[way + 1]; index += 1) {
      use(roads.wayNodes[index]);
    }
  }
  for (const { viaNode } of profile.turns) uses[viaNode] = 2;
  return uses;
}

class Splitter {
  readonly #offsets = new GrowingInts();
  readonly #nodes = new GrowingInts();
  readonly #ways = new GrowingInts();
  readonly #lats: GrowingInts;
  readonly #lngs: GrowingInts;
  #way = -1;
  #start = 0;

  constructor({ lats, lngs }: OsmRoads) {
    this.#lats = new GrowingInts(lats.length + 64);
    this.#lngs = new GrowingInts(lats.length + 64);
    this.#lats.array.set(lats);
    this.#lngs.array.set(lngs);
    this.#lats.length = lats.length;
    this.#lngs.length = lngs.length;
    this.#offsets.push(0);
  }

  beginWay(way: number): void {
    this.#way = way;
  }

  pass(node: number, isJunction: boolean): void {
    this.#nodes.push(node);
    if (!isJunction || this.#nodes.length - this.#start < 2) return;
    this.cut();
    this.#nodes.push(node);
  }

  /** The road ends on this side of the barrier, and begins anew on the other. */
  block(node: number): void {
    this.#nodes.push(this.#copy(node));
    this.cut();
    this.#nodes.push(this.#copy(node));
  }

  /** Ends the piece, if it is one. */
  cut(): void {
    if (this.#nodes.length - this.#start < 2) {
      this.#nodes.length = this.#start;
      return;
    }
    this.#ways.push(this.#way);
    this.#offsets.push(this.#nodes.length);
    this.#start = this.#nodes.length;
  }

  take(): Pieces {
    return {
      count: this.#ways.length,
      offsets: this.#offsets.take(),
      nodes: this.#nodes.take(),
      ways: this.#ways.take(),
      lats: this.#lats.take(),
      lngs: this.#lngs.take(),
    };
  }

  #copy(node: number): number {
    this.#lats.push(this.#lats.array[node]);
    this.#lngs.push(this.#lngs.array[node]);
    return this.#lats.length - 1;
  }
}
