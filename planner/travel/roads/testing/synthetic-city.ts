import type { TestMap, TestRelation, TestWay } from '../../testing/write-pbf.ts';
import { randomNumbers } from './random-places.ts';
import { turnSign } from './small-town.ts';

const STEP_DEGREES = 0.001;
const NODES_PER_WAY = 10;

/**
 * A city of `side` by `side` junctions: small streets of which each fifth is one-way, a larger street every fifth block, an avenue every
 * twenty-fifth, and some turn signs. The same for the same seed.
 */
export function syntheticCity(side: number, seed: number): TestMap {
  const next = randomNumbers(seed);
  const nodes = Array.from({ length: side * side }, (_, index) => ({
    id: index + 1,
    lat: 59 + (Math.floor(index / side) + next() * 0.6) * STEP_DEGREES,
    lng: 17 + ((index % side) + next() * 0.6) * 2 * STEP_DEGREES,
  }));
  const ways: TestWay[] = [];
  for (let line = 0; line < side; line += 1) {
    for (let from = 0; from < side - 1; from += NODES_PER_WAY) {
      const places = Array.from(
        { length: Math.min(NODES_PER_WAY, side - 1 - from) + 1 },
        (_, index) => from + index,
      );
      const tags = () => streetTags(line, next());
      ways.push(
        {
          id: ways.length + 1,
          nodes: places.map((place) => 1 + line * side + place),
          tags: { ...tags(), name: `Street ${line}` },
        },
        {
          id: ways.length + 2,
          nodes: places.map((place) => 1 + place * side + line),
          tags: { ...tags(), name: `Avenue ${line}` },
        },
      );
    }
  }
  return { nodes, ways, relations: turnSigns(ways, side) };
}

function streetTags(line: number, chance: number): Readonly<Record<string, string>> {
  if (line % 25 === 0) return { highway: 'primary', maxspeed: '50' };
  if (line % 5 === 0) return { highway: 'tertiary' };
  if (chance >= 0.2) return { highway: 'residential' };
  return { highway: 'residential', oneway: line % 2 === 0 ? 'yes' : '-1' };
}

/** No turn from the end of some ways into a way that begins there. */
function turnSigns(ways: readonly TestWay[], side: number): TestRelation[] {
  const beginning = Map.groupBy(ways, ({ nodes }) => nodes[0]);
  return ways
    .filter((_, index) => index % 10 === 0)
    .flatMap(({ id, nodes }) => {
      const via = nodes.at(-1) ?? 0;
      const other = beginning.get(via)?.find((way) => Math.abs(way.nodes[1] - via) === side);
      return other === undefined
        ? []
        : [turnSign(id, [id, via, other.id], { restriction: 'no_right_turn' })];
    });
}
