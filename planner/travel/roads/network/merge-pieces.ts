import { GrowingInts } from '../growing.ts';
import type { OsmRoads, ProfileRoads } from '../osm/osm-roads.ts';
import type { Pieces } from './split-ways.ts';

/** Pieces of roads between nodes where there is a choice, or where something about the road changes. */
export interface Streets {
  readonly count: number;
  /** The nodes of street `s`: `nodes[offsets[s]] .. nodes[offsets[s + 1] - 1]`, in the forward direction. */
  readonly offsets: Int32Array;
  readonly nodes: Int32Array;
  /** Of which way its first and last pieces are. */
  readonly firstWays: Int32Array;
  readonly lastWays: Int32Array;
  readonly names: Int32Array;
  readonly isWide: Uint8Array;
  readonly forwardKmh: Uint8Array;
  readonly backwardKmh: Uint8Array;
}

/**
 * Joins pieces end to end where two and no more meet and nothing about the road changes: fewer nodes for every search. The line keeps
 * all its points. Pieces are joined into one street forwards along the first of them.
 */
export function mergePieces(roads: OsmRoads, profile: ProfileRoads, pieces: Pieces): Streets {
  const merger = new Merger(roads, profile, pieces);
  for (let piece = 0; piece < pieces.count; piece += 1) merger.takeChain(piece);
  return merger.take();
}

/** An end of a piece: twice its number, plus 1 for its last node. Entered there, it is driven to its other end. */
type End = number;

class Merger {
  readonly #roads: OsmRoads;
  readonly #profile: ProfileRoads;
  readonly #pieces: Pieces;
  /** For each end the end it is joined to; -1 for none. */
  readonly #joined: Int32Array;
  readonly #isTaken: Uint8Array;
  readonly #offsets = new GrowingInts();
  readonly #nodes = new GrowingInts();
  readonly #firstWays = new GrowingInts();
  readonly #lastWays = new GrowingInts();
  readonly #forwardKmh = new GrowingInts();
  readonly #backwardKmh = new GrowingInts();

  constructor(roads: OsmRoads, profile: ProfileRoads, pieces: Pieces) {
    this.#roads = roads;
    this.#profile = profile;
    this.#pieces = pieces;
    this.#joined = new Int32Array(2 * pieces.count).fill(-1);
    this.#isTaken = new Uint8Array(pieces.count);
    this.#offsets.push(0);
    this.#join();
  }

  /** The whole chain of pieces that one is part of becomes a street. */
  takeChain(piece: number): void {
    if (this.#isTaken[piece] === 1) return;
    let start: End = 2 * piece;
    for (let before = this.#joined[start]; before >= 0; before = this.#joined[start]) {
      start = otherEnd(before);
      // Round in a circle: it may begin anywhere.
      if (start === 2 * piece) break;
    }
    this.#firstWays.push(this.#pieces.ways[start >> 1]);
    this.#forwardKmh.push(this.#kmh(start));
    this.#backwardKmh.push(this.#kmh(otherEnd(start)));
    this.#nodes.push(this.#node(start));
    let last = start;
    for (let at: End = start; at >= 0 && this.#isTaken[at >> 1] === 0;) {
      this.#isTaken[at >> 1] = 1;
      this.#appendNodes(at);
      last = at;
      at = this.#joined[otherEnd(at)];
    }
    this.#lastWays.push(this.#pieces.ways[last >> 1]);
    this.#offsets.push(this.#nodes.length);
  }

  take(): Streets {
    const firstWays = this.#firstWays.take();
    return {
      count: firstWays.length,
      offsets: this.#offsets.take(),
      nodes: this.#nodes.take(),
      firstWays,
      lastWays: this.#lastWays.take(),
      names: firstWays.map((way) => this.#roads.wayStreets[way]),
      isWide: Uint8Array.from(firstWays, (way) => this.#roads.wayIsWide[way]),
      forwardKmh: Uint8Array.from(this.#forwardKmh.take()),
      backwardKmh: Uint8Array.from(this.#backwardKmh.take()),
    };
  }

  #join(): void {
    const { count, lats } = this.#pieces;
    const degrees = new Int32Array(lats.length);
    const sums = new Float64Array(lats.length);
    for (let end: End = 0; end < 2 * count; end += 1) {
      degrees[this.#node(end)] += 1;
      sums[this.#node(end)] += end;
    }
    for (const { viaNode } of this.#profile.turns) degrees[viaNode] = 0;
    for (let end: End = 0; end < 2 * count; end += 1) {
      const node = this.#node(end);
      if (degrees[node] !== 2) continue;
      const other = sums[node] - end;
      if (other >> 1 !== end >> 1 && this.#isAlike(end, other)) this.#joined[end] = other;
    }
  }

  /** Whether driving through the node from one piece into the other, either way round, nothing changes. */
  #isAlike(end: End, other: End): boolean {
    const { wayStreets, wayIsWide } = this.#roads;
    const [way, otherWay] = [this.#pieces.ways[end >> 1], this.#pieces.ways[other >> 1]];
    return (
      wayStreets[way] === wayStreets[otherWay] &&
      wayIsWide[way] === wayIsWide[otherWay] &&
      this.#kmh(otherEnd(end)) === this.#kmh(other) &&
      this.#kmh(end) === this.#kmh(otherEnd(other))
    );
  }

  /** Speed when a piece is entered at this end. */
  #kmh(end: End): number {
    const { forwardKmh, backwardKmh } = this.#profile;
    return (end % 2 === 0 ? forwardKmh : backwardKmh)[this.#pieces.ways[end >> 1]];
  }

  #node(end: End): number {
    const { offsets, nodes } = this.#pieces;
    return end % 2 === 0 ? nodes[offsets[end >> 1]] : nodes[offsets[(end >> 1) + 1] - 1];
  }

  /** All nodes but the first, beginning at an end. */
  #appendNodes(end: End): void {
    const { offsets, nodes } = this.#pieces;
    const [from, to] = [offsets[end >> 1], offsets[(end >> 1) + 1] - 1];
    if (end % 2 === 0)
      for (let index = from + 1; index <= to; index += 1) this.#nodes.push(nodes[index]);
    else for (let index = to - 1; index >= from; index -= 1) this.#nodes.push(nodes[index]);
  }
}

function otherEnd(end: End): End {
  return end ^ 1;
}
