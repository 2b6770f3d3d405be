import { greatCircleMetres } from '../../great-circle.ts';
import { makeCost } from '../cost.ts';
import { GrowingFloats, GrowingInts } from '../growing.ts';
import type { Arcs } from '../hierarchy/edge-lists.ts';
import { buildHierarchy } from '../hierarchy/hierarchy.ts';
import type { OsmRoads, ProfileRoads } from '../osm/osm-roads.ts';
import { largestComponent } from './largest-component.ts';
import { mergePieces } from './merge-pieces.ts';
import type { Streets } from './merge-pieces.ts';
import type { Network } from './network.ts';
import { splitWays } from './split-ways.ts';
import type { Pieces } from './split-ways.ts';
import { placeTurns } from './turn-copies.ts';
import type { Joints } from './turn-copies.ts';

export interface BuiltNetwork {
  readonly network: Network;
  readonly unusedSigns: number;
}

/** Makes the network of one profile. `onPercent` hears how much of the hierarchy is built. */
export function buildNetwork(
  roads: OsmRoads,
  profile: ProfileRoads,
  onPercent: (percent: number) => void,
): BuiltNetwork {
  const pieces = splitWays(roads, profile);
  const streets = mergePieces(roads, profile, pieces);
  const joints = placeTurns(pieces.lats.length, streets, profile.turns);
  const costs = measureStreets(streets, pieces);
  const all = makeArcs(joints, costs);
  const isInside = largestComponent(joints.nodeCount, all);
  const numbering = numberNodes(isInside);
  const arcs = renumberArcs(all, numbering.numbers);
  const { hierarchy, numbers } = buildHierarchy(numbering.count, arcs, (contracted) =>
    onPercent((100 * contracted) / numbering.count),
  );
  const final = numbering.numbers.map((number) => (number < 0 ? -1 : numbers[number]));
  const { lines, lineOffsets } = drawLines(streets, pieces);
  return {
    network: {
      hierarchy,
      lineOffsets,
      lines,
      names: streets.names,
      isWide: streets.isWide,
      ...openDirections(joints, costs, final),
    },
    unusedSigns: joints.unusedSigns,
  };
}

/** Costs of all directed streets; -1 where nobody may drive. */
function measureStreets(streets: Streets, { lats, lngs }: Pieces): Float64Array {
  const costs = new Float64Array(2 * streets.count);
  const position = (index: number) => ({
    lat: lats[streets.nodes[index]] / 1e7,
    lng: lngs[streets.nodes[index]] / 1e7,
  });
  for (let street = 0; street < streets.count; street += 1) {
    let metres = 0;
    for (let at = streets.offsets[street] + 1; at < streets.offsets[street + 1]; at += 1) {
      metres += greatCircleMetres(position(at - 1), position(at));
    }
    const cost = (kmh: number): number => {
      if (kmh === 0) return -1;
      return makeCost(Math.max(1, Math.round((metres / kmh) * 360)), Math.round(metres * 10));
    };
    costs[2 * street] = cost(streets.forwardKmh[street]);
    costs[2 * street + 1] = cost(streets.backwardKmh[street]);
  }
  return costs;
}

function makeArcs({ heads, tailOffsets, tails }: Joints, costs: Float64Array): Arcs {
  const arcs = new ArcList();
  for (let directed = 0; directed < costs.length; directed += 1) {
    if (costs[directed] < 0) continue;
    for (let index = tailOffsets[directed]; index < tailOffsets[directed + 1]; index += 1) {
      arcs.push(tails[index], heads[directed], costs[directed], directed);
    }
  }
  return arcs.take();
}

function numberNodes(isInside: Uint8Array): { numbers: Int32Array; count: number } {
  let count = 0;
  const numbers = Int32Array.from(isInside, (inside) => (inside === 1 ? count++ : -1));
  return { numbers, count };
}

function renumberArcs(all: Arcs, numbers: Int32Array): Arcs {
  const arcs = new ArcList();
  for (let arc = 0; arc < all.tails.length; arc += 1) {
    const [tail, head] = [numbers[all.tails[arc]], numbers[all.heads[arc]]];
    if (tail >= 0 && head >= 0) arcs.push(tail, head, all.costs[arc], all.streets[arc]);
  }
  return arcs.take();
}

/** Where directed streets lead, with those closed that are outside of the connected part. */
function openDirections(joints: Joints, costs: Float64Array, numbers: Int32Array) {
  const heads = joints.heads.map((node) => numbers[node]);
  const open = costs.slice();
  const tails = new GrowingInts(joints.tails.length);
  const tailOffsets = new Int32Array(heads.length + 1);
  for (let directed = 0; directed < heads.length; directed += 1) {
    const end = joints.tailOffsets[directed + 1];
    for (let index = joints.tailOffsets[directed]; index < end; index += 1) {
      const tail = numbers[joints.tails[index]];
      if (tail >= 0) tails.push(tail);
    }
    tailOffsets[directed + 1] = tails.length;
    const isEntered = tailOffsets[directed + 1] > tailOffsets[directed];
    if (heads[directed] < 0 || !isEntered) open[directed] = -1;
  }
  return { heads, costs: open, tails: tails.take(), tailOffsets };
}

function drawLines(streets: Streets, { lats, lngs }: Pieces) {
  const lines = new Int32Array(2 * streets.nodes.length);
  for (let index = 0; index < streets.nodes.length; index += 1) {
    lines[2 * index] = lats[streets.nodes[index]];
    lines[2 * index + 1] = lngs[streets.nodes[index]];
  }
  return { lines, lineOffsets: streets.offsets };
}

class ArcList {
  readonly #tails = new GrowingInts();
  readonly #heads = new GrowingInts();
  readonly #costs = new GrowingFloats();
  readonly #streets = new GrowingInts();

  push(tail: number, head: number, cost: number, street: number): void {
    this.#tails.push(tail);
    this.#heads.push(head);
    this.#costs.push(cost);
    this.#streets.push(street);
  }

  take(): Arcs {
    return {
      tails: this.#tails.take(),
      heads: this.#heads.take(),
      costs: this.#costs.take(),
      streets: this.#streets.take(),
    };
  }
}
