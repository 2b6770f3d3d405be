import { pino } from 'pino';
import { expect, test } from 'vitest';
import { advanceRetentionClock } from '../store/retention.ts';
import { openTestStore } from '../store/testing/open-test-store.ts';
import { seedBin, seedDevice, seedReadings } from '../store/views/testing/seed-town.ts';
import { createMemoryCare } from './memory-care.ts';

const DAY_MS = 24 * 3_600_000;
const START_MS = Date.UTC(2026, 0, 1);

/** A town with one reading, twenty days later, and an InfluxDB that has so many readings of it. */
async function openCare(answer: () => Promise<Map<string, number>>, canDelete = true) {
  const opened = await openTestStore({ feedsInflux: true });
  const { store } = opened;
  await advanceRetentionClock(store, START_MS, DAY_MS);
  await seedBin(store, 'bin-1');
  await seedDevice(store, { id: 'dev-1', binId: 'bin-1' });
  const at = { deviceId: 'dev-1', binId: 'bin-1', fillPercent: 40 };
  await seedReadings(store, [
    { ...at, atMs: START_MS },
    { ...at, atMs: START_MS + DAY_MS / 2 },
  ]);
  await advanceRetentionClock(store, START_MS + DAY_MS, DAY_MS);
  const told: string[] = [];
  const stream = { write: (line: string) => void told.push(JSON.parse(line).msg) };
  const deleted: number[] = [];
  const nothing = () => Promise.resolve([]);
  const care = createMemoryCare({
    store,
    memory: {
      levels: { readRaw: nothing, readBuckets: nothing },
      countReadings: answer,
      writeHours: () => Promise.resolve(),
      refreshHours: () => Promise.resolve(),
    },
    deleteOld: async (beforeMs) => {
      deleted.push(beforeMs);
      return canDelete;
    },
    ...{ recentMs: 10 * DAY_MS, keepMs: 15 * DAY_MS, log: pino({}, stream) },
  });
  return {
    ...{ store, told, deleted },
    care: () => care(START_MS + 20 * DAY_MS, new AbortController().signal),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

test('lets SQL go of readings and InfluxDB of what is old, the latter once a day', async () => {
  await using town = await openCare(() => Promise.resolve(new Map([['bin-1', 2]])));
  await town.care();
  await town.care();
  expect(town.told).toEqual(['SQL has let go of readings that InfluxDB has']);
  expect(town.deleted).toEqual([START_MS + 5 * DAY_MS]);
  // The level that still stands.
  expect(await town.store.db.selectFrom('readings').select('id').execute()).toHaveLength(1);
});

test('says once what is wrong, and goes on when it is right', async () => {
  let answers = 0;
  await using town = await openCare(async () => {
    answers += 1;
    if (answers < 3) throw new Error('away');
    return new Map(answers < 5 ? [] : [['bin-1', 2]]);
  });
  for (let round = 0; round < 5; round += 1) await town.care();
  expect(town.told).toEqual([
    'InfluxDB did not answer housekeeping; SQL keeps its readings',
    'InfluxDB has fewer readings than SQL, which therefore keeps them',
    'SQL has let go of readings that InfluxDB has',
  ]);
});

test('says when a server does not delete', async () => {
  await using town = await openCare(() => Promise.resolve(new Map([['bin-1', 2]])), false);
  await town.care();
  expect(town.told.at(-1)).toContain('deletes nothing when asked');
});
