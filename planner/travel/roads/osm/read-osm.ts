import { statSync } from 'node:fs';
import type { RoadProfile } from '../../road-profiles.ts';
import { TravelError } from '../../travel-source.ts';
import { isBlocked, NODE_TAGS } from './barriers.ts';
import type { OsmRoads } from './osm-roads.ts';
import { readBlocks } from './read-blocks.ts';
import { appliesTo } from './restrictions.ts';
import type { TurnSign } from './restrictions.ts';
import { WayCollector } from './way-collector.ts';

/**
 * Reads the roads of an extract: once for ways and turn signs, and a second time for the nodes that these use, since nodes come first in
 * the file and most belong to no road. `onPercent` hears how far it is.
 * @throws {TravelError} when the file cannot be read or has no roads.
 */
export async function readOsmRoads(
  file: string,
  profiles: readonly RoadProfile[],
  onPercent: (percent: number) => void,
): Promise<OsmRoads> {
  const collector = new WayCollector(profiles);
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 1;
  await readBlocks(
    file,
    false,
    (items) => {
      for (const item of items) {
        if (item.type === 'way') collector.addWay(item);
        else if (item.type === 'relation') collector.addRelation(item);
      }
    },
    (bytes) => onPercent((50 * bytes) / size),
  );
  if (collector.wayCount === 0) throw new TravelError(`${file} has no roads for these vehicles`);
  const nodes = new NodeCollector(collector.usedNodes(), profiles);
  await readBlocks(
    file,
    NODE_TAGS,
    (items) => {
      for (const item of items) if (item.type === 'node') nodes.add(item);
    },
    (bytes) => onPercent(50 + (50 * bytes) / size),
  );
  return assemble(collector, nodes, profiles);
}

/** Positions and barriers of the nodes whose ids are given, in rising order. */
class NodeCollector {
  readonly lats: Int32Array;
  readonly lngs: Int32Array;
  readonly isBlocked: readonly Uint8Array[];
  readonly #ids: Float64Array;
  readonly #isKnown: Uint8Array;
  readonly #profiles: readonly RoadProfile[];

  constructor(ids: Float64Array, profiles: readonly RoadProfile[]) {
    this.#ids = ids;
    this.#profiles = profiles;
    this.lats = new Int32Array(ids.length);
    this.lngs = new Int32Array(ids.length);
    this.#isKnown = new Uint8Array(ids.length);
    this.isBlocked = profiles.map(() => new Uint8Array(ids.length));
  }

  add(node: {
    id: number;
    lat: number;
    lon: number;
    tags?: Readonly<Record<string, string>>;
  }): void {
    const index = findSorted(this.#ids, node.id);
    if (index < 0) return;
    this.lats[index] = Math.round(node.lat * 1e7);
    this.lngs[index] = Math.round(node.lon * 1e7);
    this.#isKnown[index] = 1;
    const { tags } = node;
    if (tags === undefined) return;
    this.#profiles.forEach((profile, which) => {
      if (isBlocked(tags, profile)) this.isBlocked[which][index] = 1;
    });
  }

  /** Index of a node; -1 when the extract lacks it. */
  find(id: number): number {
    const index = findSorted(this.#ids, id);
    return index >= 0 && this.#isKnown[index] === 1 ? index : -1;
  }
}

function assemble(
  ways: WayCollector,
  nodes: NodeCollector,
  profiles: readonly RoadProfile[],
): OsmRoads {
  const wayNodes = Int32Array.from(ways.refs.take(), (id) => nodes.find(id));
  const turnsOf = (profile: RoadProfile) =>
    ways.signs
      .filter((sign) => appliesTo(sign, profile))
      .flatMap((sign) => placeSign(sign, ways.wayIndices, nodes));
  return {
    lats: nodes.lats,
    lngs: nodes.lngs,
    wayOffsets: ways.offsets.take(),
    wayNodes,
    wayStreets: ways.wayStreets.take(),
    wayIsWide: Uint8Array.from(ways.isWide.take()),
    streets: [...ways.streets.keys()],
    profiles: profiles.map((profile, which) => ({
      forwardKmh: Uint8Array.from(ways.forwardKmh[which].take()),
      backwardKmh: Uint8Array.from(ways.backwardKmh[which].take()),
      isBlocked: nodes.isBlocked[which],
      turns: turnsOf(profile),
    })),
    unusedSigns: ways.unusedSigns,
  };
}

/** Signs about ways that are not for motor vehicles, or that the extract lacks, say nothing. */
function placeSign(
  { fromWay, viaNode, toWay, isOnly }: TurnSign,
  wayIndices: ReadonlyMap<number, number>,
  nodes: NodeCollector,
) {
  const [from, to, via] = [wayIndices.get(fromWay), wayIndices.get(toWay), nodes.find(viaNode)];
  if (from === undefined || to === undefined || via < 0) return [];
  return [{ fromWay: from, viaNode: via, toWay: to, isOnly }];
}

function findSorted(ids: Float64Array, id: number): number {
  let low = 0;
  let high = ids.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (ids[middle] === id) return middle;
    if (ids[middle] < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
