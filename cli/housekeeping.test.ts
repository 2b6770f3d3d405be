import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { appendChanges, newestChange, oldestChange } from '../store/changes.ts';
import { addCommand, findCommand } from '../store/commands.ts';
import { closeStore, openStore } from '../store/database.ts';
import type { Store } from '../store/database.ts';
import { migrate } from '../store/migrate.ts';
import { commandDraft, commandId } from '../store/testing/command-draft.ts';
import type { Geometry } from '../domain/geometry.ts';
import { binId, deviceId } from '../domain/testing/test-ids.ts';
import { mountDevice } from '../store/mount-device.ts';
import { seedBin, seedDevice, seedReadings } from '../store/views/testing/seed-town.ts';
import { Housekeeping } from './housekeeping.ts';

const GEOMETRY: Geometry = {
  shape: 'prism',
  emptyDistanceMm: 1000,
  fullDistanceMm: 100,
  blindZoneMm: 0,
};

const NOW = Date.UTC(2026, 10, 24);

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'tunna-housekeeping-'));
  store = openStore(path.join(folder, 'tunna.sqlite'));
  await migrate(store, NOW);
  const changes = Array.from(
    { length: 30 },
    (_, index) => ({ kind: 'bin', id: `b${index}` }) as const,
  );
  await store.db.transaction().execute((trx) => appendChanges(trx, store.kind, changes));
});

afterEach(async () => {
  await closeStore(store);
  rmSync(folder, { recursive: true });
});

function keepHouse(now = () => NOW): Housekeeping {
  const log = { info: () => undefined, warn: () => undefined };
  return new Housekeeping({ store, now, log, everyMs: 60_000, changesKept: 10 });
}

test('forgets all but the newest changes', async () => {
  expect(await keepHouse().tidy()).toBe(true);
  const newest = await newestChange(store);
  expect(await oldestChange(store)).toBe(newest - 9);
});

test('is done by one process at a time, and by another when that one is gone', async () => {
  const first = keepHouse();
  const second = keepHouse();
  const later = keepHouse(() => NOW + 120_000);
  expect(await first.tidy()).toBe(true);
  expect(await second.tidy()).toBe(false);
  expect(await later.tidy()).toBe(true);
  await later.stop();
  expect(await second.tidy()).toBe(true);
});

test('goes on where a correction was ended in its middle', async () => {
  await seedBin(store, 'bin-1');
  await seedDevice(store, { id: 'sensor-1', binId: 'bin-1' });
  const minutes = [3, 2, 1];
  await seedReadings(
    store,
    minutes.map((minute) => ({
      ...{ deviceId: 'sensor-1', binId: 'bin-1', atMs: NOW - minute * 60_000, fillPercent: null },
      more: { distance_mm: 550 },
    })),
  );
  const mounting = { deviceId: deviceId('sensor-1'), binId: binId('bin-1'), fromMs: 0 };
  const ended = { signal: AbortSignal.abort(), rowsPerStep: 1 };
  await mountDevice(store, { ...mounting, geometry: GEOMETRY }, NOW, ended);
  const fills = async (): Promise<(number | null)[]> => {
    const rows = await store.db
      .selectFrom('readings')
      .select('fill_percent')
      .orderBy('id')
      .execute();
    return rows.map((row) => row.fill_percent);
  };
  expect(await fills()).toEqual([null, null, 50]);
  await keepHouse().tidy();
  expect(await fills()).toEqual([50, 50, 50]);
});

test('ends the commands whose time is over', async () => {
  await addCommand(store, commandDraft(commandId(1), { expires_at: NOW }));
  await addCommand(store, commandDraft(commandId(2), { kind: 'raw', expires_at: NOW + 1 }));
  expect(await keepHouse().tidy()).toBe(true);
  expect(await findCommand(store, commandId(1))).toMatchObject({ state: 'expired' });
  expect(await findCommand(store, commandId(2))).toMatchObject({ state: 'queued' });
});

test('ends without a database, too: its lease runs out by itself', async () => {
  const gone = openStore(path.join(folder, 'gone.sqlite'));
  await closeStore(gone);
  const warnings: unknown[] = [];
  const log = { info: () => undefined, warn: (fields: unknown) => void warnings.push(fields) };
  await new Housekeeping({ store: gone, now: () => NOW, log }).stop();
  expect(warnings).toHaveLength(1);
});

test('deletes what was kept long enough, and says once that the clock has jumped', async () => {
  const told: string[] = [];
  const stream = { write: (line: string) => void told.push(JSON.parse(line).msg) };
  const log = pino({}, stream);
  const dayMs = 24 * 3_600_000;
  let nowMs = NOW;
  const house = new Housekeeping({
    ...{ store, now: () => nowMs, log, keepMs: 2 * dayMs, everyMs: dayMs },
  });
  await seedBin(store, 'bin-1');
  await seedDevice(store, { id: 'dev-1', binId: 'bin-1' });
  await seedReadings(store, [{ deviceId: 'dev-1', binId: 'bin-1', atMs: NOW, fillPercent: 50 }]);
  for (let day = 0; day < 5; day += 1) {
    expect(await house.tidy()).toBe(true);
    nowMs += dayMs;
  }
  expect(told).toEqual(['what was kept long enough has been deleted']);
  expect(await store.db.selectFrom('readings').selectAll().execute()).toEqual([]);
  await seedReadings(store, [{ deviceId: 'dev-1', binId: 'bin-1', atMs: nowMs, fillPercent: 50 }]);
  await house.tidy();
  nowMs += 365 * dayMs;
  for (let round = 0; round < 30; round += 1) await house.tidy();
  expect(told.slice(1)).toEqual([expect.stringMatching(/^the clock has jumped/)]);
  expect(await store.db.selectFrom('readings').selectAll().execute()).toHaveLength(1);
});
