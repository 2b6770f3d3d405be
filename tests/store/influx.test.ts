import { InfluxDB } from 'influx';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { createInfluxFeeder } from '../../ingest/influx-feeder.ts';
import { storeArrivals } from '../../ingest/store-arrivals.ts';
import { addMountedDevice, arrival } from '../../ingest/testing/sample-town.ts';
import type { Store } from '../../store/database.ts';
import { feedInflux } from '../../store/influx/feed-influx.ts';
import { createInflux1Target } from '../../store/influx/engines/influx1.ts';
import { createInflux2Target } from '../../store/influx/engines/influx2.ts';
import { openTestStore } from '../../store/testing/open-test-store.ts';
import { startInfluxd } from '../servers/influxd.ts';
import { needs } from '../servers/needs.ts';
import { startVictoriaMetrics } from '../servers/victoria-metrics.ts';

const NOW_MS = Date.now();

async function openFedStore() {
  const opened = await openTestStore({ feedsInflux: true });
  await addMountedDevice(opened.store, { bin: 'bin-1', id: 'dev-1', model: null }, NOW_MS);
  return opened;
}

async function publish(store: Store, fillPercents: readonly number[]): Promise<void> {
  const arrivals = fillPercents.map((fillPercent, index) =>
    arrival({
      topic: 'bins/dev-1/up',
      payload: { observedAt: NOW_MS - 60_000 + index, fillPercent },
      receivedAtMs: NOW_MS,
    }),
  );
  await store.db.transaction().execute((trx) => storeArrivals(trx, store, arrivals));
}

async function countWaiting(store: Store): Promise<number> {
  const rows = await store.db.selectFrom('outbox').select('id').execute();
  return rows.length;
}

async function fillsIn(url: string): Promise<number[]> {
  const client = new InfluxDB({
    host: '127.0.0.1',
    port: Number(new URL(url).port),
    database: 'tunna',
  });
  const rows = await client.query<{ fill_percent: number }>(
    'select fill_percent, bin from reading',
  );
  return [...rows].map((row) => row.fill_percent);
}

needs('influxdb')('InfluxDB 1.x behind the outbox', () => {
  test('gets each reading once, also when it is sent again', async () => {
    await using opened = await openFedStore();
    await using server = await startInfluxd();
    const target = createInflux1Target({ url: server.url, database: 'tunna' });
    await publish(opened.store, [10, 20, 30]);
    expect(await feedInflux(opened.store, target)).toMatchObject({ readings: 3, refused: 0 });
    expect(await countWaiting(opened.store)).toBe(0);
    const again = await opened.store.db.selectFrom('readings').select('id as reading_id').execute();
    await opened.store.db.insertInto('outbox').values(again).execute();
    await feedInflux(opened.store, target);
    expect(await fillsIn(server.url)).toEqual([10, 20, 30]);
  });

  test('is not held up by readings that it refuses', async () => {
    await using opened = await openFedStore();
    await using server = await startInfluxd();
    const target = createInflux1Target({ url: server.url, database: 'tunna' });
    const admin = new InfluxDB({ host: '127.0.0.1', port: Number(new URL(server.url).port) });
    await admin.createDatabase('tunna');
    await admin.createRetentionPolicy('day', {
      database: 'tunna',
      duration: '1d',
      replication: 1,
      isDefault: true,
    });
    const yesterday = arrival({
      topic: 'bins/dev-1/up',
      payload: { observedAt: NOW_MS - 48 * 3600_000, fillPercent: 5 },
      receivedAtMs: NOW_MS,
    });
    await opened.store.db
      .transaction()
      .execute((trx) => storeArrivals(trx, opened.store, [yesterday]));
    await publish(opened.store, [70, 80]);
    const report = await feedInflux(opened.store, target);
    expect(report).toMatchObject({ readings: 3, refused: 0, expired: 1 });
    expect(report.detail).toContain('beyond retention policy');
    expect(await countWaiting(opened.store)).toBe(0);
    expect(await fillsIn(server.url)).toEqual([70, 80]);
  });

  test('loses nothing while it is away', async () => {
    await using opened = await openFedStore();
    await using server = await startInfluxd();
    const target = createInflux1Target({ url: server.url, database: 'tunna' });
    const log = pino({ level: 'silent' });
    const warned = vi.spyOn(log, 'warn');
    const feeder = createInfluxFeeder({
      store: opened.store,
      target,
      holder: 'test',
      now: Date.now,
      log,
    });
    await server.crash();
    await publish(opened.store, [40, 50]);
    feeder.start();
    await vi.waitFor(() => expect(warned).toHaveBeenCalled(), 20_000);
    expect(await countWaiting(opened.store)).toBe(2);
    await server.start();
    await vi.waitFor(async () => expect(await countWaiting(opened.store)).toBe(0), 40_000);
    await feeder.stop();
    expect(await fillsIn(server.url)).toEqual([40, 50]);
  });
});

needs('victoria-metrics')('the /api/v2/write transport', () => {
  test('is understood by a server that speaks it', async () => {
    await using opened = await openFedStore();
    await using server = await startVictoriaMetrics();
    const options = { url: server.url, org: 'tunna', bucket: 'tunna', token: 'none' };
    await publish(opened.store, [60]);
    await feedInflux(opened.store, createInflux2Target(options));
    expect(await countWaiting(opened.store)).toBe(0);
    await vi.waitFor(async () => {
      const series = await server.exportMetric('reading_fill_percent');
      expect(series.map(({ values }) => values)).toEqual([[60]]);
    }, 20_000);
  });
});
