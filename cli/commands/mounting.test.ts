import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { binId, deviceId } from '../../domain/testing/test-ids.ts';
import { closeStore, openStore } from '../../store/database.ts';
import type { Store } from '../../store/database.ts';
import { saveDevices } from '../../store/devices.ts';
import { migrate } from '../../store/migrate.ts';
import { mountDevice } from '../../store/mount-device.ts';
import { moveRecentSince } from '../../store/recent-readings.ts';
import { findTrace } from '../../store/views/trace.ts';
import { seedBin, seedReadings } from '../../store/views/testing/seed-town.ts';
import { TunnaShell } from '../testing/run-tunna.ts';

// Every command is a process of its own, and other tests run beside these.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const DAY_MS = 86_400_000;
const FIRST_MS = Date.UTC(2026, 10, 1, 12);
const GEOMETRY = {
  shape: 'prism',
  emptyDistanceMm: 1200,
  fullDistanceMm: 200,
  blindZoneMm: 0,
} as const;
const MEASURES = ['--empty-mm', '1200', '--full-mm', '200'];

let shell: TunnaShell;
beforeEach(async () => {
  shell = new TunnaShell();
  await withStore(async (store) => {
    await migrate(store, 0);
    for (const id of ['bin-1', 'bin-2']) await seedBin(store, id);
    await addSensor(store, 'sensor-1', null);
    const sensor = { deviceId: deviceId('sensor-1'), binId: binId('bin-1') };
    await mountDevice(store, { ...sensor, geometry: GEOMETRY }, 0);
  });
});
afterEach(() => shell[Symbol.dispose]());

async function addSensor(store: Store, id: string, model: string | null): Promise<void> {
  await saveDevices(store, [{ id: deviceId(id), model, reportIntervalSeconds: null }]);
}

async function succeed(...args: string[]): Promise<string> {
  const outcome = await shell.run(args);
  expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
  return outcome.stdout;
}

async function refused(...args: string[]): Promise<string> {
  const { exitCode, stderr } = await shell.run(args);
  expect(exitCode).not.toBe(0);
  expect(stderr).toMatch(/^tunna: .*\n$/);
  return stderr;
}

async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = openStore(path.join(shell.folder, 'data/tunna.sqlite'));
  try {
    return await work(store);
  } finally {
    await closeStore(store);
  }
}

/** Readings of the sensor, one a day, as ingest stored them before; returns their numbers. */
function seedDistances(
  distances: readonly number[],
  more: { readonly quality_reason?: string } = {},
): Promise<number[]> {
  return withStore((store) =>
    seedReadings(
      store,
      distances.map((distance_mm, day) => ({
        ...{ deviceId: 'sensor-1', binId: 'bin-1', atMs: FIRST_MS + day * DAY_MS },
        fillPercent: null,
        quality: more.quality_reason === undefined ? 'accepted' : 'probably-invalid',
        more: { distance_mm, reported_fill_percent: null, temperature_c: 4, ...more },
      })),
    ),
  );
}

/** Bin and fill of the readings, oldest first. */
function fills(): Promise<string[]> {
  return withStore(async (store) => {
    const rows = await store.db
      .selectFrom('readings')
      .select(['bin_id', 'fill_percent'])
      .orderBy('observed_at')
      .execute();
    return rows.map((row) => `${row.bin_id} ${row.fill_percent}`);
  });
}

describe('a mounting', () => {
  test('has the walls and the temperature that its options say', async () => {
    const table = 'height_mm;litres\r\n0;0\r\n500;120,5\r\n1000;300\r\n';
    writeFileSync(path.join(shell.folder, 'table.csv'), table);
    const taper = ['--area-ratio', '0.6', '--temperature-reference', '20'];
    await succeed('device', 'mount', 'sensor-1', 'bin-2', ...MEASURES, ...taper);
    const strapping = ['--strapping-table', 'table.csv', '--blind-mm', '30'];
    await succeed('device', 'mount', 'sensor-1', 'bin-1', ...MEASURES, ...strapping);
    const listed = await succeed('device', 'mountings', 'sensor-1');
    expect(listed).toMatch(/empty 1200 mm, full 200 mm, area ratio 0\.6, right at 20 °C$/m);
    expect(listed).toMatch(/empty 1200 mm, full 200 mm, blind 30 mm, table of 3 rows$/m);
    const json: unknown = JSON.parse(await succeed('device', 'mountings', 'sensor-1', '--json'));
    expect(json).toMatchObject([
      { binId: 'bin-1', from: null, geometry: { shape: 'prism' } },
      { geometry: { shape: 'taper', areaRatio: 0.6, temperatureReferenceC: 20 } },
      { geometry: { strappingTable: [{}, { heightMm: 500, litres: 120.5 }, { litres: 300 }] } },
    ]);
  });

  test('is refused with a table that is none, or ends below the full line', async () => {
    const table = (text: string) => writeFileSync(path.join(shell.folder, 'table.csv'), text);
    const args = ['device', 'mount', 'sensor-1', 'bin-1', ...MEASURES];
    table('litres,height_mm\n0,0\n');
    expect(await refused(...args, '--strapping-table', 'table.csv')).toContain(
      'must begin with the heading height_mm,litres',
    );
    table('height_mm,litres\n0,0\n500,90\n');
    expect(await refused(...args, '--strapping-table', 'table.csv')).toContain(
      'ends at 500 mm, but the full line is 1000 mm above',
    );
  });

  test('has no correction by the temperature for a sensor that makes it itself', async () => {
    const options = [...MEASURES, '--temperature-reference', '20'];
    const light = ['--behind-gateway', '--model', 'milesight/em400-tld', '--bin', 'bin-1'];
    expect(await refused('device', 'add', 'light', ...light, ...options)).toContain(
      'does not measure by sound',
    );
    await withStore((store) => addSensor(store, 'wise', 'decentlab/dl-mbx'));
    expect(await refused('device', 'mount', 'wise', 'bin-1', ...options)).toContain(
      'right at any temperature',
    );
  });
});

describe('a correction', () => {
  test('of a mounting computes exactly its readings anew', async () => {
    await seedDistances([700, 700, 700, 700]);
    await succeed(
      ...['device', 'mount', 'sensor-1', 'bin-2', ...MEASURES],
      ...['--from', '2026-11-03T00:00:00Z'],
    );
    expect(await fills()).toEqual(['bin-1 null', 'bin-1 null', 'bin-2 50', 'bin-2 50']);
    const change = ['device', 'correct', 'sensor-1', '1', '--empty-mm', '2200'];
    const before = await fills();
    expect(await succeed(...change, '--dry-run')).toMatch(
      /is: {2}bin-1, .*: empty 2200 mm, full 200 mm\n2 readings from the beginning to 2026-11-03T00:00:00.000Z would be computed anew; nothing was changed\n$/,
    );
    expect(await fills()).toEqual(before);
    expect(await succeed(...change)).toMatch(/\n2 readings .* were computed anew\n$/);
    expect(await fills()).toEqual(['bin-1 75', 'bin-1 75', 'bin-2 50', 'bin-2 50']);
  });

  test('moves the time of a swap, and takes a sensor out in the past', async () => {
    await seedDistances([700, 700, 700, 700]);
    const since = ['--from', '2026-11-03T00:00:00Z'];
    await succeed('device', 'mount', 'sensor-1', 'bin-2', ...MEASURES, ...since);
    const earlier = ['--from', '2026-11-02T00:00:00Z'];
    expect(await refused('device', 'correct', 'sensor-1', '2', ...earlier)).toContain(
      '"tunna device correct sensor-1 1" changes that',
    );
    await succeed('device', 'correct', 'sensor-1', '1', '--to', '2026-11-02T00:00:00Z');
    await succeed('device', 'correct', 'sensor-1', '2', ...earlier);
    expect(await fills()).toEqual(['bin-1 50', 'bin-2 50', 'bin-2 50', 'bin-2 50']);
    expect(await refused('device', 'unmount', 'sensor-1', '--at', earlier[1] ?? '')).toContain(
      'must be taken out after that',
    );
    const out = await succeed('device', 'unmount', 'sensor-1', '--at', '2026-11-04T00:00:00Z');
    expect(out).toContain('1 readings from 2026-11-04T00:00:00.000Z on belong to no bin');
    expect(await fills()).toEqual(['bin-1 50', 'bin-2 50', 'bin-2 50', 'null null']);
    await succeed('device', 'correct', 'sensor-1', '2', '--to', 'open', '--bin', 'bin-1');
    expect(await fills()).toEqual(['bin-1 50', 'bin-1 50', 'bin-1 50', 'bin-1 50']);
  });

  test('says which readings SQL has let go of, since those keep their levels', async () => {
    const change = ['device', 'correct', 'sensor-1', '1', '--area-ratio', '0.25', '--dry-run'];
    expect(await succeed(...change)).not.toContain('InfluxDB');
    await withStore((store) => moveRecentSince(store, Date.UTC(2026, 9, 1)));
    expect(await succeed(...change)).toContain(
      'readings before 2026-10-01T00:00:00.000Z are in InfluxDB only, and keep their levels\n',
    );
  });

  test('needs a mounting, and something to correct', async () => {
    expect(await refused('device', 'correct', 'sensor-1', '9')).toContain('has no mounting 9');
    expect(await refused('device', 'correct', 'sensor-1', '1')).toContain('say what to correct');
  });

  test('of a long history tells how far it is, and its traces follow', async () => {
    const ids = await seedDistances(Array.from({ length: 2500 }, () => 700));
    const args = ['device', 'correct', 'sensor-1', '1', '--area-ratio', '0.25'];
    const { exitCode, stdout, stderr } = await shell.run(args);
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('2500 readings from the beginning on were computed anew'),
    });
    expect(stderr).toMatch(/2000 of 2500 readings computed anew\n.*2500 of 2500 /);
    expect(new Set(await fills())).toEqual(new Set(['bin-1 33.9']));
    const trace = await withStore((store) => findTrace(store, ids[0] ?? 0));
    expect(trace).toMatchObject({
      reading: { fillPercent: 33.9, recomputePending: false },
      geometry: { shape: 'taper', areaRatio: 0.25 },
    });
  });
});

describe('the calibration of an empty bin', () => {
  test('takes the newest accepted distance for the floor, after a look', async () => {
    const ids = await seedDistances([1320, 700, 1300]);
    const look = await succeed('device', 'calibrate', 'sensor-1', '--dry-run');
    expect(look).toContain(`reading ${ids[2]}, 2026-11-03T12:00:00.000Z: 1300 mm\n`);
    expect(look).toMatch(/was: .*empty 1200 mm.*\n.*is: .*empty 1300 mm.*\n3 readings .* would/);
    expect(await fills()).toEqual(['bin-1 null', 'bin-1 null', 'bin-1 null']);
    expect(await succeed('device', 'calibrate', 'sensor-1')).toContain('3 readings');
    expect(await fills()).toEqual(['bin-1 0', 'bin-1 54.5', 'bin-1 0']);
  });

  test('takes the median of several, or one by its number, and leaves earlier days alone', async () => {
    const ids = await seedDistances([1150, 1190, 1200, 1180]);
    expect(await succeed('device', 'calibrate', 'sensor-1', '--readings', '3')).toContain(
      'the floor is 1190 mm from the sensor',
    );
    const named = ['--reading', String(ids[0]), '--from', '2026-11-03T00:00:00Z'];
    const said = await succeed('device', 'calibrate', 'sensor-1', ...named);
    expect(said).toMatch(/2 readings from 2026-11-03T00:00:00.000Z on were computed anew\n$/);
    expect(await fills()).toEqual(['bin-1 4', 'bin-1 0', 'bin-1 0', 'bin-1 0']);
    const mountings = await succeed('device', 'mountings', 'sensor-1');
    expect(mountings).toMatch(/the beginning +2026-11-03T00:00:00.000Z +empty 1190 mm/);
    expect(mountings).toMatch(/2026-11-03T00:00:00.000Z +- +empty 1150 mm/);
  });

  test('does not take what is doubted by itself, but when it is named', async () => {
    const [id] = await seedDistances([1400], { quality_reason: 'beyond-empty' });
    expect(await refused('device', 'calibrate', 'sensor-1')).toContain(
      'has 0 accepted distances in bin-1',
    );
    const named = await succeed('device', 'calibrate', 'sensor-1', '--reading', String(id));
    expect(named).toContain('1400 mm, doubted: beyond-empty');
    expect(await fills()).toEqual(['bin-1 0']);
  });

  test('of a bin without measures needs its full line', async () => {
    const sensor = { deviceId: deviceId('sensor-2'), binId: binId('bin-2'), geometry: null };
    await withStore(async (store) => {
      await addSensor(store, 'sensor-2', null);
      await mountDevice(store, sensor, 0);
    });
    const at = { deviceId: 'sensor-2', binId: 'bin-2', atMs: FIRST_MS, fillPercent: null };
    const more = { distance_mm: 900, quality_reason: 'no-geometry' };
    await withStore((store) => seedReadings(store, [{ ...at, quality: 'unchecked', more }]));
    expect(await refused('device', 'calibrate', 'sensor-2')).toContain('say --full-mm');
    await succeed('device', 'calibrate', 'sensor-2', '--full-mm', '100');
    expect(await fills()).toEqual(['bin-2 0']);
  });

  test.each([
    [['--reading', '99'], 'has no reading 99 with a distance'],
    [['--reading', '1', '--readings', '2'], 'not both'],
    [['--readings', '0'], 'whole number from 1 to 99'],
  ])('is refused with %j', async (options, message) => {
    expect(await refused('device', 'calibrate', 'sensor-1', ...options)).toContain(message);
  });
});
