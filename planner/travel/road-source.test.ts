import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_WAY } from '../problem/matrix.ts';
import { importRoadsFile } from './import-roads-file.ts';
import { ROAD_PROFILES } from './road-profiles.ts';
import { RoadSource } from './road-source.ts';
import { writePbf } from './testing/write-pbf.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'tunna-road-source-'));
const file = path.join(folder, 'town.osm.pbf');
const out = path.join(folder, 'roads.bin');
const PLACES = [
  { lat: 59, lng: 17.0005 },
  { lat: 59, lng: 17.0015 },
  { lat: 50, lng: 17 },
];

const steps = new Set<string>();
beforeAll(async () => {
  writePbf(file, {
    nodes: [
      { id: 1, lat: 59, lng: 17 },
      { id: 2, lat: 59, lng: 17.002 },
    ],
    ways: [{ id: 1, nodes: [1, 2], tags: { highway: 'residential', name: 'Ån' } }],
  });
  const order = { file, out, profiles: ROAD_PROFILES.slice(0, 1), drivesOnLeft: false, nowMs: 7 };
  await importRoadsFile(order, (step) => steps.add(step));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe('roads, in a thread of their own', () => {
  test('tell how far their import is', () => {
    expect([...steps]).toContain('reading');
    expect([...steps]).toContain('writing');
  });

  test('give tables and ways, several at a time, and say what they are', async () => {
    const source = new RoadSource(out);
    const [table, route] = await Promise.all([
      source.table('truck', PLACES),
      source.route('truck', PLACES.slice(0, 2)),
    ]);
    await source.close();
    expect([...table.metres]).toEqual([0, 57, NO_WAY, 57, 0, NO_WAY, NO_WAY, NO_WAY, 0]);
    expect(route.legs[0]).toMatchObject({ metres: 57, streets: [{ street: 'Ån', metres: 57 }] });
    expect(route.by).toEqual(table.by);
    expect(table.by).toEqual({
      kind: 'roads',
      text: 'roads of town.osm.pbf',
      attribution: '© OpenStreetMap contributors, ODbL 1.0',
    });
  });

  test('answer again after they were closed', async () => {
    const source = new RoadSource(out);
    await source.table('truck', PLACES);
    await source.close();
    await expect(source.table('truck', PLACES)).resolves.toMatchObject({ size: 3 });
    await source.close();
  });

  test('fail what is asked while they are closed, and do not hang', async () => {
    const source = new RoadSource(out);
    const answer = source.table('truck', PLACES);
    const failed = expect(answer).rejects.toThrow('the road engine was stopped');
    await source.close();
    await failed;
  });

  test('say which vehicles they know, and which place is on no road', async () => {
    const source = new RoadSource(out);
    await expect(source.table('tractor', PLACES)).rejects.toThrow('are for truck, not "tractor"');
    await expect(source.route('truck', PLACES)).rejects.toThrow('50.00000,17.00000 is more than');
    await expect(source.table('truck', Array(10_001).fill(PLACES[0]))).rejects.toThrow('too many');
    await source.close();
  });

  test('are not imported from something else, nor from half an extract', async () => {
    const order = { out, profiles: ROAD_PROFILES.slice(0, 1), drivesOnLeft: false, nowMs: 0 };
    const importFrom = (name: string) =>
      importRoadsFile({ ...order, file: path.join(folder, name) }, () => {});
    await expect(importFrom('none.osm.pbf')).rejects.toThrow(
      /none\.osm\.pbf cannot be read: .*ENOENT/,
    );
    writeFileSync(path.join(folder, 'text.osm.pbf'), 'no map, but long enough to be looked at');
    await expect(importFrom('text.osm.pbf')).rejects.toThrow('is no OpenStreetMap extract');
    writeFileSync(path.join(folder, 'half.osm.pbf'), readFileSync(file).subarray(0, -20));
    await expect(importFrom('half.osm.pbf')).rejects.toThrow('half.osm.pbf cannot be read');
    // The file of before is as it was.
    expect(new RoadSource(out).header.importedAtMs).toBe(7);
  });
});
