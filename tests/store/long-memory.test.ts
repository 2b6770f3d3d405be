import { expect, test } from 'vitest';
import { qualityCode } from '../../domain/quality.ts';
import type { Store } from '../../store/database.ts';
import { createInflux1Target } from '../../store/influx/engines/influx1.ts';
import { ageReadings } from '../../store/influx/age-readings.ts';
import { feedInflux } from '../../store/influx/feed-influx.ts';
import { createInfluxQuery } from '../../store/influx/influx-query.ts';
import { keepHours } from '../../store/influx/keep-hours.ts';
import { createLongMemory } from '../../store/influx/long-memory.ts';
import { readRecentSince } from '../../store/recent-readings.ts';
import { advanceRetentionClock } from '../../store/retention.ts';
import { openTestStore } from '../../store/testing/open-test-store.ts';
import { readSeries } from '../../store/views/reading-series.ts';
import { seedBin, seedDevice, seedReadings } from '../../store/views/testing/seed-town.ts';
import { startInfluxd } from '../servers/influxd.ts';
import { needs } from '../servers/needs.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START_MS = Date.UTC(2026, 0, 1);
const RECENT_MS = 10 * DAY_MS;
const AT = { deviceId: 'dev-1', binId: 'bin-1' };

/** A town that has run for 20 days, with a reading every six hours, all of which InfluxDB has. */
async function openOldTown() {
  const opened = await openTestStore({ feedsInflux: true });
  const server = await startInfluxd();
  const { store } = opened;
  await seedBin(store, 'bin-1');
  await seedDevice(store, { id: 'dev-1', binId: 'bin-1' });
  const options = { url: server.url, database: 'tunna' };
  const query = createInfluxQuery({ ...options, timeoutMs: 2_000 });
  const target = createInflux1Target(options);
  const memory = createLongMemory(query, target);
  const feed = keepHours(target, { store, memory });
  const put = async (atMs: number, fillPercent: number): Promise<number> => {
    const [id = 0] = await seedReadings(store, [{ ...AT, atMs, fillPercent }]);
    await store.db.insertInto('outbox').values({ reading_id: id }).execute();
    return id;
  };
  const deliver = async (): Promise<void> => {
    while ((await feedInflux(store, feed)).readings > 0);
  };
  for (let day = 0; day < 20; day += 1) {
    await advanceRetentionClock(store, START_MS + day * DAY_MS, DAY_MS);
    for (const hour of [0, 6, 12, 18]) {
      await put(START_MS + day * DAY_MS + hour * HOUR_MS, day + hour);
    }
  }
  await deliver();
  const age = (days = 20) =>
    ageReadings(store, memory, { clockMs: START_MS + days * DAY_MS, recentMs: RECENT_MS });
  return {
    ...{ store, server, memory, put, deliver, age },
    ask: (resolutionSeconds: number, longMemory = memory.levels) =>
      readSeries(
        store,
        { binId: 'bin-1', fromMs: START_MS, toMs: START_MS + 20 * DAY_MS, resolutionSeconds },
        { longMemory },
      ),
    async [Symbol.asyncDispose]() {
      await target.close();
      await server.stop();
      await opened[Symbol.asyncDispose]();
    },
  };
}

function countReadings(store: Store): Promise<number> {
  return store.db
    .selectFrom('readings')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
    .then(({ count }) => count);
}

async function ageFully(town: Awaited<ReturnType<typeof openOldTown>>): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    expect(await town.age()).toMatchObject({ lacking: [] });
  }
}

needs('influxdb')('readings that SQL has let go of', () => {
  test('are in every series as they were before, at every resolution', async () => {
    await using town = await openOldTown();
    const resolutions = [0, 900, 3600, 5 * 3600, 24 * 3600];
    const before = await Promise.all(resolutions.map((seconds) => town.ask(seconds)));
    await ageFully(town);
    expect(await readRecentSince(town.store)).toBe(START_MS + 9 * DAY_MS);
    expect(await countReadings(town.store)).toBe(11 * 4);
    const after = await Promise.all(resolutions.map((seconds) => town.ask(seconds)));
    const plain = (series: (typeof after)[number]) => ({
      ...series,
      buckets: series.buckets.map(({ readingId: _, ...bucket }) => bucket),
    });
    expect(after.map(plain)).toEqual(before.map(plain));
  });

  test('keep their messages, and a level that still stands keeps its reading', async () => {
    await using town = await openOldTown();
    await seedBin(town.store, 'bin-2');
    await seedDevice(town.store, { id: 'dev-2', binId: 'bin-2' });
    const silent = { deviceId: 'dev-2', binId: 'bin-2', atMs: START_MS, fillPercent: 5 };
    const [id = 0] = await seedReadings(town.store, [silent]);
    await town.store.db.insertInto('outbox').values({ reading_id: id }).execute();
    await town.deliver();
    await ageFully(town);
    const uplinks = await town.store.db.selectFrom('uplinks').select('id').execute();
    expect(uplinks).toHaveLength(20 * 4 + 1);
    const state = await town.store.db
      .selectFrom('bin_states')
      .innerJoin('readings', 'readings.id', 'bin_states.reading_id')
      .select(['bin_states.bin_id', 'readings.fill_percent'])
      .where('bin_states.bin_id', '=', 'bin-2')
      .execute();
    expect(state).toEqual([{ bin_id: 'bin-2', fill_percent: 5 }]);
  });

  test('wait for the server, and are missing from answers while it is away, which say so', async () => {
    await using town = await openOldTown();
    await town.server.crash();
    await expect(town.age()).rejects.toThrow();
    expect(await countReadings(town.store)).toBe(20 * 4);
    expect(await town.ask(3600)).toMatchObject({ missingBeforeMs: null });
    await town.server.start();
    await ageFully(town);
    await town.server.crash();
    const series = await town.ask(0);
    expect(series.missingBeforeMs).toBe(START_MS + 9 * DAY_MS);
    expect(series.buckets).toHaveLength(11 * 4);
    const recent = { binId: 'bin-1', fromMs: START_MS + 9 * DAY_MS, toMs: START_MS + 20 * DAY_MS };
    const { levels: longMemory } = town.memory;
    expect(await readSeries(town.store, recent, { longMemory })).toMatchObject({
      missingBeforeMs: null,
    });
  });

  test('stay in SQL while InfluxDB has fewer of them, by whatever cause', async () => {
    await using town = await openOldTown();
    const query = createInfluxQuery({ url: town.server.url, database: 'tunna' });
    const [from, to] = [START_MS + DAY_MS, START_MS + DAY_MS + HOUR_MS];
    await query.rows(`DELETE FROM reading WHERE time >= ${from}ms AND time < ${to}ms`);
    expect(await town.age()).toEqual({ dropped: 0, lacking: ['bin-1'] });
    expect(await readRecentSince(town.store)).toBeUndefined();
    expect(await countReadings(town.store)).toBe(20 * 4);
    const all = await town.store.db.selectFrom('readings').select('id as reading_id').execute();
    await town.store.db.insertInto('outbox').values(all).execute();
    await town.deliver();
    await ageFully(town);
    expect(await countReadings(town.store)).toBe(11 * 4);
  });

  test('stay in SQL while they wait in the outbox', async () => {
    await using town = await openOldTown();
    const waiting = await town.store.db
      .selectFrom('readings')
      .select('id as reading_id')
      .where('observed_at', '<', START_MS + DAY_MS)
      .execute();
    await town.store.db.insertInto('outbox').values(waiting).execute();
    await town.age();
    expect(await countReadings(town.store)).toBe(20 * 4);
  });

  test('stay in SQL one by one where InfluxDB has refused them', async () => {
    await using town = await openOldTown();
    const [refused = 0] = await seedReadings(town.store, [
      { ...AT, atMs: START_MS + 60_000, fillPercent: 1 },
    ]);
    await town.store.db
      .insertInto('influx_rejects')
      .values({ reading_id: refused, status: 400, detail: 'no', rejected_at: START_MS })
      .execute();
    await ageFully(town);
    expect(await countReadings(town.store)).toBe(11 * 4 + 1);
    const kept = await town.store.db.selectFrom('readings').select('id').execute();
    expect(kept).toContainEqual({ id: refused });
  });

  test('get company that comes late, which its hour then counts', async () => {
    await using town = await openOldTown();
    await ageFully(town);
    await town.put(START_MS + 6 * HOUR_MS + 60_000, 100);
    await town.deliver();
    const [, second] = (await town.ask(6 * 3600)).buckets;
    expect(second).toMatchObject({ atMs: START_MS + 6 * HOUR_MS, min: 6, max: 100, count: 2 });
    expect((await town.ask(0)).buckets).toHaveLength(20 * 4 + 1);
  });

  test('lose the company that is taken back, which its hour then does not count', async () => {
    await using town = await openOldTown();
    await ageFully(town);
    const id = await town.put(START_MS + 6 * HOUR_MS + 60_000, 100);
    await town.deliver();
    await town.store.db
      .updateTable('readings')
      .set({ quality: qualityCode('rejected') })
      .where('id', '=', id)
      .execute();
    await town.store.db.insertInto('outbox').values({ reading_id: id }).execute();
    await town.deliver();
    const [, second] = (await town.ask(6 * 3600)).buckets;
    expect(second).toMatchObject({ atMs: START_MS + 6 * HOUR_MS, min: 6, max: 6, count: 1 });
  });
});

test('nothing goes before retention has marked that the time is over', async () => {
  await using opened = await openTestStore({ feedsInflux: true });
  const { store } = opened;
  await advanceRetentionClock(store, START_MS, DAY_MS);
  const refuse = () => Promise.reject(new Error('nobody may ask'));
  const memory = {
    levels: { readRaw: refuse, readBuckets: refuse },
    ...{ countReadings: refuse, writeHours: refuse, refreshHours: refuse },
  };
  const times = { clockMs: START_MS + RECENT_MS, recentMs: RECENT_MS };
  expect(await ageReadings(store, memory, times)).toEqual({ dropped: 0, lacking: [] });
});
