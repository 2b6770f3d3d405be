import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROAD_PROFILES } from '../../planner/travel/road-profiles.ts';
import { readRoadsFile } from '../../planner/travel/roads-file.ts';
import { RoadEngine } from '../../planner/travel/roads/engine.ts';
import { importRoads } from '../../planner/travel/roads/import-roads.ts';
import { fromArrays, fromNameBytes } from '../../planner/travel/roads/network-arrays.ts';
import { arrivals, departures, directWay } from '../../planner/travel/roads/seeds.ts';
import { networkArcs } from '../../planner/travel/roads/testing/network-arcs.ts';
import { plainDijkstra } from '../../planner/travel/roads/testing/plain-dijkstra.ts';
import { randomPlaces } from '../../planner/travel/roads/testing/random-places.ts';
import { syntheticCity } from '../../planner/travel/roads/testing/synthetic-city.ts';
import { findTestData } from '../../planner/testing/test-data.ts';
import { writePbf } from '../../planner/travel/testing/write-pbf.ts';
import { describeRun } from '../machine.ts';
import { markdownTable } from '../markdown-table.ts';
import { percentile } from '../statistics.ts';

/*
 * How long the road engine takes to import an extract and to answer tables, and whether its costs are those of plain Dijkstra.
 *   node bench/travel/main.ts [--side 500] [--rounds 5] [--checked 10]
 * The synthetic city has `side` by `side` junctions; `checked` rows of each table are compared. Recorded extracts that are not there
 * are left out, and it says so.
 */

const { values } = parseArgs({
  options: {
    side: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '5' },
    checked: { type: 'string', default: '10' },
  },
});
const rounds = Number(values.rounds);
const SIZES = [100, 500, 2000];
const folder = mkdtempSync(path.join(tmpdir(), 'tunna-bench-travel-'));

console.log(describeRun(), '\n');
try {
  const rows: string[][] = [];
  for (const town of ['porto', 'andorra', 'liechtenstein', 'monaco']) {
    const file = findTestData(`osm/${town}.osm.pbf`);
    if (file === undefined) console.log(`left out: no ${town}.osm.pbf among the test data`);
    else rows.push(await measure(town, file));
  }
  const side = Number(values.side);
  const city = path.join(folder, 'city.osm.pbf');
  writePbf(city, syntheticCity(side, 1));
  rows.push(await measure(`synthetic city ${side} x ${side}`, city));
  const tables = SIZES.map((size) => `${size} x ${size}, ms (CPU)`);
  console.log(
    markdownTable(
      [
        ...['roads', 'nodes', 'streets', 'file, MB', 'import, s (CPU)', 'open, ms', ...tables],
        ...['Dijkstra per row, ms', 'entries compared', 'different'],
      ],
      rows,
    ),
  );
  console.log(
    '\nTables: medians of the rounds; finding the streets beside the places is part of it.',
  );
} finally {
  rmSync(folder, { recursive: true });
}

async function measure(name: string, file: string): Promise<string[]> {
  const out = path.join(folder, 'roads.bin');
  const profile = ROAD_PROFILES[0];
  const [importMs, importCpuMs] = await timed(() =>
    importRoads(
      { kind: 'import', file, out, profiles: [profile], drivesOnLeft: false, nowMs: 0 },
      () => {},
    ),
  );
  const began = performance.now();
  const roads = readRoadsFile(out);
  const { network, indexBytes } = fromArrays(roads, profile.name);
  const engine = new RoadEngine(network, fromNameBytes(roads), indexBytes, false);
  const openMs = performance.now() - began;
  const tables: string[] = [];
  for (const size of SIZES) {
    const walls: number[] = [];
    const cpus: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const places = randomPlaces(network, size, 100 + round);
      const [wallMs, cpuMs] = await timed(async () => void engine.table(places));
      walls.push(wallMs);
      cpus.push(cpuMs);
    }
    tables.push(`${percentile(walls, 50).toFixed(0)} (${percentile(cpus, 50).toFixed(0)})`);
  }
  const check = compare(engine, network);
  return [
    ...[name, String(network.hierarchy.nodeCount), String(network.names.length)],
    (statSync(out).size / 1e6).toFixed(1),
    `${(importMs / 1000).toFixed(1)} (${(importCpuMs / 1000).toFixed(1)})`,
    ...[openMs.toFixed(0), ...tables, check.msPerRow.toFixed(1)],
    ...[String(check.compared), String(check.different)],
  ];
}

async function timed(work: () => Promise<void>): Promise<[wallMs: number, cpuMs: number]> {
  const start = performance.now();
  const cpu = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return [performance.now() - start, (user + system) / 1000];
}

/** Some rows of a table of 500 places, entry by entry, with plain Dijkstra on the graph without shortcuts. */
function compare(engine: RoadEngine, network: Parameters<typeof networkArcs>[0]) {
  const arcs = networkArcs(network);
  const snaps = randomPlaces(network, 500, 1).map((place) => engine.snap(place));
  const costs = engine.costs(snaps);
  const checked = Number(values.checked);
  let compared = 0;
  let different = 0;
  let ms = 0;
  for (let row = 0; row < checked; row += 1) {
    const from = snaps[row];
    if (from === undefined) continue;
    const start = performance.now();
    const reached = plainDijkstra(network.hierarchy.nodeCount, arcs, departures(network, from));
    ms += performance.now() - start;
    snaps.forEach((to, column) => {
      if (to === undefined) return;
      const ends = arrivals(network, to).map(({ node, cost }) => reached[node] + cost);
      const expected = Math.min(directWay(network, from, to)?.cost ?? Infinity, ...ends);
      compared += 1;
      if (costs[row * snaps.length + column] !== expected) different += 1;
    });
  }
  return { compared, different, msPerRow: ms / checked };
}
