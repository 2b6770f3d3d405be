import path from 'node:path';
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { writePbf } from '../../planner/travel/testing/write-pbf.ts';
import { TestServer } from '../../planner/travel/testing/test-server.ts';
import { TunnaShell } from '../testing/run-tunna.ts';

// Every command is a process of its own, and other tests run beside these.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let shell: TunnaShell;
let extract: string;
beforeEach(() => {
  shell = new TunnaShell();
  extract = path.join(shell.folder, 'town.osm.pbf');
  writePbf(extract, {
    nodes: [
      { id: 1, lat: 59, lng: 17 },
      { id: 2, lat: 59, lng: 17.002 },
      { id: 3, lat: 59.001, lng: 17.002 },
    ],
    ways: [
      { id: 1, nodes: [1, 2], tags: { highway: 'residential', name: 'Storgatan' } },
      { id: 2, nodes: [2, 3], tags: { highway: 'residential', name: 'Ågatan' } },
    ],
  });
});
afterEach(() => shell[Symbol.dispose]());

const PLACES = ['59,17.0005', '59.0005,17.002'];

describe('tunna roads', () => {
  test('imports an extract, and answers from it ever after', async () => {
    const made = await shell.run(['roads', 'import', extract]);
    expect(made).toMatchObject({ exitCode: 0, stderr: '' });
    expect(made.stdout).toContain('town.osm.pbf, imported ');
    expect(made.stdout).toMatch(/^truck +3 +2 +0$/m);
    const table = await shell.run(['roads', 'table', ...PLACES, '--json']);
    expect(JSON.parse(table.stdout)).toMatchObject({
      source: { kind: 'roads' },
      metres: [
        [0, 142],
        [142, 0],
      ],
    });
    const route = await shell.run(['roads', 'route', ...PLACES]);
    expect(route.stdout).toContain(
      '1 to 2: 0:20, 142 m\n       86 m  Storgatan\n       56 m  Ågatan\n',
    );
    expect(route.stdout).toContain('© OpenStreetMap contributors');
    const drawn = await shell.run(['roads', 'route', ...PLACES, '--geojson', '--profile', 'van']);
    expect(JSON.parse(drawn.stdout).features[0].geometry.coordinates).toEqual([
      [17.0005, 59],
      [17.002, 59],
      [17.002, 59.0005],
    ]);
    const info = await shell.run(['roads', 'info', '--json']);
    expect(JSON.parse(info.stdout)).toMatchObject({ source: 'town.osm.pbf', drivesOnLeft: false });
  });

  test('asks a server, and takes straight lines instead when told to', async () => {
    await using server = await TestServer.start(() => ({ status: 400, body: { code: 'NoTable' } }));
    const args = ['roads', 'table', ...PLACES, '--osrm', server.url];
    const refused = await shell.run(args);
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^tunna: OSRM at 127\.0\.0\.1:\d+ says NoTable\n$/);
    const replaced = await shell.run([...args, '--or-straight-line']);
    expect(replaced.exitCode).toBe(0);
    expect(replaced.stdout).toContain('straight lines times 1.4');
    expect(replaced.stderr).toBe(refused.stderr);
  });

  test('reads places from a file, and names the line that is none', async () => {
    const file = path.join(shell.folder, 'places.csv');
    writeFileSync(file, '59,17\r\n\n59.1; 17.1\n');
    const args = ['roads', 'table', '--places', file, '--straight-line', '--json'];
    expect(JSON.parse((await shell.run(args)).stdout).seconds).toHaveLength(2);
    writeFileSync(file, '59,17\nTown hall\n');
    expect((await shell.run(args)).stderr).toContain('places.csv, line 2: a place is');
  });

  test.each([
    { args: ['table', '59,17', '59,181'], exitCode: 2, says: 'A place is latitude,longitude' },
    { args: ['table', '59,17', '--straight-line'], exitCode: 2, says: 'at least two places' },
    {
      args: ['table', ...PLACES, '--straight-line', '--osrm', 'http://localhost'],
      ...{ exitCode: 2, says: 'say only one of' },
    },
    { args: ['table', ...PLACES], exitCode: 1, says: 'roads.bin cannot be read' },
    { args: ['import', 'nowhere.osm.pbf'], exitCode: 1, says: 'nowhere.osm.pbf cannot be read' },
    { args: ['route', ...PLACES, '--valhalla', 'x'], exitCode: 1, says: 'is no address' },
  ])('refuses in one line: %o', async ({ args, exitCode, says }) => {
    const outcome = await shell.run(['roads', ...args]);
    expect(outcome).toMatchObject({ exitCode, stdout: '' });
    expect(outcome.stderr).toContain(says);
    expect(outcome.stderr.trim().split('\n')).toHaveLength(1);
  });
});
