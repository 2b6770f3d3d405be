import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { TunnaShell } from '../../cli/testing/run-tunna.ts';
import { ReadingSeries } from '../../dashboard/api/bins.ts';
import { closeStore, openStore } from '../../store/database.ts';
import { ageReadings } from '../../store/influx/age-readings.ts';
import { createInflux1Target } from '../../store/influx/engines/influx1.ts';
import { feedInflux } from '../../store/influx/feed-influx.ts';
import { createInfluxQuery } from '../../store/influx/influx-query.ts';
import { createLongMemory } from '../../store/influx/long-memory.ts';
import { migrate } from '../../store/migrate.ts';
import { advanceRetentionClock } from '../../store/retention.ts';
import { seedBin, seedDevice, seedReadings } from '../../store/views/testing/seed-town.ts';
import { freePort } from '../servers/free-port.ts';
import { startInfluxd } from '../servers/influxd.ts';
import { needs } from '../servers/needs.ts';

const DAY_MS = 24 * 3_600_000;
const START_MS = Date.UTC(2026, 0, 1);

/** A town of six days of which SQL has let go of all but the last ones. */
async function seedAgedTown(folder: string, url: string): Promise<void> {
  const store = openStore(path.join(folder, 'data', 'tunna.sqlite'), { feedsInflux: true });
  const target = createInflux1Target({ url, database: 'tunna' });
  const memory = createLongMemory(createInfluxQuery({ url, database: 'tunna' }), target);
  try {
    await migrate(store, 0);
    await seedBin(store, 'bin-1');
    await seedDevice(store, { id: 'dev-1', binId: 'bin-1' });
    for (let day = 0; day < 6; day += 1) {
      await advanceRetentionClock(store, START_MS + day * DAY_MS, DAY_MS);
      const at = { deviceId: 'dev-1', binId: 'bin-1', atMs: START_MS + day * DAY_MS };
      const ids = await seedReadings(store, [{ ...at, fillPercent: 10 * day }]);
      const rows = ids.map((reading_id) => ({ reading_id }));
      await store.db.insertInto('outbox').values(rows).execute();
    }
    await feedInflux(store, target);
    await ageReadings(store, memory, { clockMs: START_MS + 6 * DAY_MS, recentMs: 3 * DAY_MS });
  } finally {
    await target.close();
    await closeStore(store);
  }
}

needs('influxdb')('the chart of a time that SQL has let go of', () => {
  test('comes from InfluxDB, and without it from SQL, which says from when on', async () => {
    using shell = new TunnaShell();
    await using influxd = await startInfluxd();
    await seedAgedTown(shell.folder, influxd.url);
    const port = await freePort();
    const dashboard = shell.start(['dashboard'], {
      ...{ TUNNA_HTTP_PORT: String(port), TUNNA_TILE_URL: 'off', TUNNA_STORE: 'influx1' },
      ...{ TUNNA_INFLUX_URL: influxd.url, TUNNA_INFLUX_DATABASE: 'tunna' },
    });
    const ask = async (resolution: number): Promise<ReadingSeries> => {
      const query = `from=2026-01-01T00:00:00Z&to=2026-01-07T00:00:00Z&resolution=${resolution}`;
      const url = `http://127.0.0.1:${port}/api/v1/bins/bin-1/readings?${query}`;
      return ReadingSeries.parse(await (await fetch(url)).json());
    };
    const whole = await vi.waitFor(() => ask(86_400), { timeout: 60_000, interval: 200 });
    expect(whole.missingBefore).toBeNull();
    expect(whole.buckets.map(({ mean }) => mean)).toEqual([0, 10, 20, 30, 40, 50]);
    const raw = await ask(0);
    expect(raw.buckets.map(({ readingId }) => readingId)).toEqual([null, null, 3, 4, 5, 6]);
    await influxd.crash();
    const rest = await ask(86_400);
    expect(rest.missingBefore).toBe('2026-01-03T00:00:00.000Z');
    expect(rest.buckets.map(({ mean }) => mean)).toEqual([20, 30, 40, 50]);
    dashboard.child.kill();
    await vi.waitFor(() => expect(dashboard.child.exitCode).not.toBeNull(), 20_000);
  });
});
