import { InfluxDB } from 'influx';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { binId, deviceId } from '../../domain/testing/test-ids.ts';
import { createInfluxFeeder } from '../../ingest/influx-feeder.ts';
import { storeArrivals } from '../../ingest/store-arrivals.ts';
import { addBin, addMountedDevice, arrival } from '../../ingest/testing/sample-town.ts';
import { correctMounting } from '../../store/correct-mounting.ts';
import type { Store } from '../../store/database.ts';
import { isBackfilled } from '../../store/influx/backfill.ts';
import { createInflux1Target } from '../../store/influx/engines/influx1.ts';
import { feedInflux } from '../../store/influx/feed-influx.ts';
import { GONE_QUALITY } from '../../store/influx/influx-point.ts';
import { listInfluxRejects, retryInfluxRejects } from '../../store/influx/rejects.ts';
import { listMountings } from '../../store/mountings.ts';
import { openTestStore } from '../../store/testing/open-test-store.ts';
import { startInfluxd } from '../servers/influxd.ts';
import type { Influxd } from '../servers/influxd.ts';
import { needs } from '../servers/needs.ts';

const NOW_MS = Date.now();
const SILENT = pino({ level: 'silent' });

/** A town of one sensor, an InfluxDB, and what feeds it. */
async function openBench(feedsInflux = true) {
  await using stack = new AsyncDisposableStack();
  const opened = stack.use(await openTestStore({ feedsInflux }));
  const server = stack.use(await startInfluxd());
  await addMountedDevice(opened.store, { bin: 'bin-1', id: 'dev-1', model: null }, NOW_MS);
  const target = createInflux1Target({ url: server.url, database: 'tunna' });
  stack.defer(() => target.close());
  const all = stack.move();
  return {
    store: opened.store,
    server,
    target,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function hear(
  store: Store,
  payloads: readonly { readonly observedAt?: number; readonly fillPercent: number }[],
): Promise<void> {
  const arrivals = payloads.map((payload, index) =>
    arrival({
      topic: 'bins/dev-1/up',
      payload: { observedAt: NOW_MS - 60_000 + index, ...payload },
      receivedAtMs: NOW_MS,
    }),
  );
  await store.db.transaction().execute((trx) => storeArrivals(trx, store, arrivals));
}

function clientOf(server: Influxd): InfluxDB {
  const port = Number(new URL(server.url).port);
  return new InfluxDB({ host: '127.0.0.1', port, database: 'tunna' });
}

interface Row {
  readonly bin: string;
  readonly fill_percent: number;
  readonly quality: number;
}

async function rowsOf(server: Influxd): Promise<readonly (readonly [string, number, number])[]> {
  const rows = await clientOf(server).query<Row>('select bin, fill_percent, quality from reading');
  return [...rows].map((row) => [row.bin, row.fill_percent, row.quality]);
}

needs('influxdb')('writing to InfluxDB', () => {
  test('keeps readings of one millisecond apart, by what they say and not by when they came', async () => {
    await using bench = await openBench();
    const observedAt = NOW_MS - 30_000;
    const payloads = [10, 20, 30].map((fillPercent) => ({ observedAt, fillPercent }));
    await hear(bench.store, payloads);
    await feedInflux(bench.store, bench.target);
    const rows = await rowsOf(bench.server);
    expect(new Set(rows.map(([, fill]) => fill))).toEqual(
      new Set(payloads.map(({ fillPercent }) => fillPercent)),
    );
    expect(rows).toHaveLength(3);
  });

  test('marks the point under a bin that a reading has left, and takes the mark back when it returns', async () => {
    await using bench = await openBench();
    const { store, target, server } = bench;
    await addBin(store, 'bin-2');
    await hear(store, [{ fillPercent: 10 }, { fillPercent: 20 }]);
    await feedInflux(store, target);
    async function moveTo(bin: string): Promise<void> {
      const [mounting] = await listMountings(store.db, [deviceId('dev-1')]);
      const corrected = await correctMounting(
        store,
        mounting?.id ?? 0,
        { binId: binId(bin) },
        { nowMs: NOW_MS },
      );
      expect(corrected).toMatchObject({ ok: true, recomputedReadings: 2 });
      await feedInflux(store, target);
    }
    await moveTo('bin-2');
    const good = 4;
    expect(new Set(await rowsOf(server))).toEqual(
      new Set([
        ['bin-1', 10, GONE_QUALITY],
        ['bin-2', 10, good],
        ['bin-1', 20, GONE_QUALITY],
        ['bin-2', 20, good],
      ]),
    );
    await moveTo('bin-1');
    const rows = await rowsOf(server);
    expect(new Set(rows.filter(([, , quality]) => quality === good))).toEqual(
      new Set([
        ['bin-1', 10, good],
        ['bin-1', 20, good],
      ]),
    );
    expect(rows).toHaveLength(4);
  });

  test('gives it what was stored before it was chosen, also when ended in the middle', async () => {
    await using bench = await openBench(false);
    const { store, server } = bench;
    const payloads = Array.from({ length: 12_000 }, (_, i) => ({ fillPercent: (i % 100) + 0.5 }));
    await hear(store, payloads);
    const fed: Store = { ...store, feedsInflux: true };
    const feed = () =>
      createInfluxFeeder({
        store: fed,
        target: createInflux1Target({ url: server.url, database: 'tunna' }),
        ...{ holder: 'test', now: Date.now, log: SILENT },
      });
    const countIn = async () => (await rowsOf(server).catch(() => [])).length;
    const first = feed();
    first.start();
    await vi.waitFor(async () => expect(await countIn()).toBeGreaterThan(0), 20_000);
    await first.stop();
    await hear(fed, [{ observedAt: NOW_MS - 1_000, fillPercent: 99 }]);
    const second = feed();
    second.start();
    await vi.waitFor(async () => expect(await countIn()).toBe(12_001), 30_000);
    await vi.waitFor(async () => expect(await isBackfilled(fed, bench.target)).toBe(true), 20_000);
    await second.stop();
    // While another store was chosen.
    await hear(store, [{ observedAt: NOW_MS - 2_000, fillPercent: 98 }]);
    const third = feed();
    third.start();
    await vi.waitFor(async () => expect(await countIn()).toBe(12_002), 20_000);
    await third.stop();
  });

  test('sets aside exactly what it refuses, and sends it again once that is put right', async () => {
    await using bench = await openBench();
    const { store, target, server } = bench;
    await hear(store, [{ fillPercent: 10 }, { fillPercent: 20 }, { fillPercent: 30 }]);
    // As somebody might do who repairs a database by hand: no such id exists, and none can be written.
    await store.db
      .updateTable('readings')
      .set({ bin_id: 'bin 1\n' })
      .where('fill_percent', '=', 20)
      .execute();
    expect(await feedInflux(store, target)).toMatchObject({ readings: 3, refused: 1, expired: 0 });
    expect(await rowsOf(server)).toHaveLength(2);
    expect(await listInfluxRejects(store, 10)).toMatchObject([
      { deviceId: 'dev-1', status: null, detail: expect.stringContaining('is no id') as string },
    ]);
    await store.db
      .updateTable('readings')
      .set({ bin_id: 'bin-1' })
      .where('fill_percent', '=', 20)
      .execute();
    expect(await retryInfluxRejects(store)).toBe(1);
    expect(await retryInfluxRejects(store)).toBe(0);
    await feedInflux(store, target);
    expect(await rowsOf(server)).toHaveLength(3);
    expect(await listInfluxRejects(store, 10)).toEqual([]);
  });

  test('waits when InfluxDB refuses everything, because somebody else has a field of that name', async () => {
    await using bench = await openBench();
    const { store, target, server } = bench;
    await clientOf(server).createDatabase('tunna');
    const body = 'reading,bin=x fill_percent="full"';
    await fetch(`${server.url}/write?db=tunna`, { method: 'POST', body });
    await hear(store, [{ fillPercent: 10 }, { fillPercent: 20 }, { fillPercent: 30 }]);
    await expect(feedInflux(store, target)).rejects.toThrow('every point is refused');
    expect(await listInfluxRejects(store, 10)).toEqual([]);
    await clientOf(server).dropMeasurement('reading');
    expect(await feedInflux(store, target)).toMatchObject({ readings: 3, refused: 0 });
  });

  test('lets no id with a newline make a point of its own', async () => {
    await using bench = await openBench();
    const { store, target, server } = bench;
    await hear(store, [{ fillPercent: 10 }]);
    await feedInflux(store, target);
    const evil = 'x y=1\nadmin,a=b';
    const point = {
      measurement: 'reading',
      tags: { bin: evil },
      fields: { quality: 4 },
      timestampNs: '1',
    };
    await expect(target.write([point])).rejects.toThrow('is no id');
    expect(await clientOf(server).getMeasurements()).toEqual(['reading']);
    // The server is as gullible as we think: without our refusal there would be another one.
    await fetch(`${server.url}/write?db=tunna`, {
      method: 'POST',
      body: `reading,bin=${evil} quality=4 1`,
    });
    expect(await clientOf(server).getMeasurements()).toEqual(['admin', 'reading']);
  });

  test('says in the doctor what is wrong with it', async () => {
    await using bench = await openBench();
    await expect(bench.target.check()).rejects.toMatchObject({ failure: 'absent' });
    await clientOf(bench.server).createDatabase('tunna');
    expect(await bench.target.check()).toMatch(/^1\.6/);
  });
});
