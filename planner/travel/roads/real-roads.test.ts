import { describe, expect, test } from 'vitest';
import { findTestData } from '../../testing/test-data.ts';
import { greatCircleMetres } from '../great-circle.ts';
import { arrivals, departures, directWay } from './seeds.ts';
import { importExtract } from './testing/small-town.ts';
import type { Imported } from './testing/small-town.ts';
import { networkArcs } from './testing/network-arcs.ts';
import { plainDijkstra } from './testing/plain-dijkstra.ts';
import { randomPlaces } from './testing/random-places.ts';

/*
 * Recorded extracts, which are no part of the project: without them these tests are skipped, and the run says so.
 */

const PLACES = 60;

describe.each(['porto', 'liechtenstein', 'monaco'])('the roads of %s', (town) => {
  const file = findTestData(`osm/${town}.osm.pbf`);
  if (file === undefined) console.warn(`skipped: no ${town}.osm.pbf among the test data`);

  test.skipIf(file === undefined)(
    'have the costs of plain Dijkstra, and lines as long as the table says',
    { timeout: 120_000 },
    async () => {
      const imported = await importExtract(file ?? '');
      const { engine } = imported;
      // Some lie deep in woods, whose roads no truck may use.
      const positions = randomPlaces(imported.network, PLACES, 7).filter(
        (position) => engine.snap(position) !== undefined,
      );
      expect(positions.length).toBeGreaterThan(PLACES / 2);
      const snaps = positions.map((position) => engine.snap(position));
      expect([...engine.costs(snaps)]).toEqual(plainCosts(imported, positions));
      const { size, metres, seconds } = engine.table(positions);
      const pairs = positions.map((_, index): [number, number] => [index, (index * 7 + 3) % size]);
      for (const [from, to] of pairs.filter(([one, other]) => one !== other)) {
        const [leg] = engine.route([positions[from], positions[to]]);
        expect(leg.metres).toBe(metres[from * size + to]);
        expect(leg.seconds).toBe(seconds[from * size + to]);
        // Rounding to decimetres per street, and to metres per part.
        expect(Math.abs(lineMetres(leg.line) - leg.metres)).toBeLessThan(5 + leg.metres / 200);
        const named = leg.streets.reduce((sum, part) => sum + part.metres, 0);
        expect(Math.abs(named - leg.metres)).toBeLessThan(2 + leg.streets.length);
      }
    },
  );
});

function plainCosts({ engine, network }: Imported, positions: ReturnType<typeof randomPlaces>) {
  const arcs = networkArcs(network);
  const snaps = positions.flatMap((position) => engine.snap(position) ?? []);
  return snaps.flatMap((from) => {
    const reached = plainDijkstra(network.hierarchy.nodeCount, arcs, departures(network, from));
    return snaps.map((to) => {
      const ends = arrivals(network, to).map(({ node, cost }) => reached[node] + cost);
      return Math.min(directWay(network, from, to)?.cost ?? Infinity, ...ends);
    });
  });
}

function lineMetres(line: readonly { lat: number; lng: number }[]): number {
  return line
    .slice(1)
    .reduce((sum, position, index) => sum + greatCircleMetres(line[index], position), 0);
}
