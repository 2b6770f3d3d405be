import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { storeArrivals } from '../../ingest/store-arrivals.ts';
import { binId, deviceId } from '../../domain/testing/test-ids.ts';
import { addBin, addMountedDevice, arrival, GEOMETRY } from '../../ingest/testing/sample-town.ts';
import { readChanges } from '../../store/changes.ts';
import type { Store } from '../../store/database.ts';
import { mountDevice } from '../../store/mount-device.ts';
import { readTally } from '../../store/tally.ts';
import { needs } from '../servers/needs.ts';
import { DIALECTS, openDialect, stopDialects } from './dialects.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const MINUTE_MS = 60_000;

afterAll(stopDialects);

for (const dialect of DIALECTS) {
  const suite = dialect === 'postgres' ? needs('postgresql-15') : describe;
  suite(`several processes that write at once on ${dialect}`, () => {
    test('wait for each other, and nothing of what they wrote is missing', async () => {
      await using opened = await openDialect(dialect);
      const { store } = opened;
      const location = store.kind === 'sqlite' ? store.file : store.url;
      const script = fileURLToPath(new URL('./writer-process.ts', import.meta.url));
      const [writers, rounds] = [4, 25];
      const run = promisify(execFile);
      // Fails with what a process wrote to stderr, such as "database is locked".
      await Promise.all(
        ['a', 'b', 'c', 'd'].map((name) =>
          run(process.execPath, [script, location, name, String(rounds)]),
        ),
      );
      const tally = await readTally(store.db);
      expect(tally).toEqual([{ outcome: 'stored', reason: '', count: writers * rounds * 20 }]);
      const count = async (table: 'bins' | 'readings' | 'principals'): Promise<number> => {
        const rows = await store.db.selectFrom(table).selectAll().execute();
        return rows.length;
      };
      expect(await count('bins')).toBe(writers * (rounds + 1));
      expect(await count('readings')).toBe(writers * rounds * 20);
      expect(await count('principals')).toBe(writers);
      const changes = await readChanges(store, 0, 100_000);
      expect(changes.map(({ seq }) => seq)).toEqual(changes.map((_, index) => index + 1));
    });
  });
}

/*
 * What follows goes on within one process, which only PostgreSQL allows: SQLite has one writer at a time by itself, and a
 * second connection to it would block this process.
 */

/** Two processes at one database with a sensor in a bin. */
async function openTwo() {
  const opened = await openDialect('postgres');
  await addMountedDevice(opened.store, { bin: 'bin-1', id: 'dev-1', model: null }, NOW_MS);
  await addBin(opened.store, 'bin-2');
  return {
    first: opened.store,
    second: opened.open(),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

function reading(minutesAgo: number, body: object) {
  const observedAt = NOW_MS - minutesAgo * MINUTE_MS;
  const payload = { observedAt, ...body };
  return arrival({ topic: 'bins/dev-1/up', payload, receivedAtMs: NOW_MS });
}

/** Begins to store in one process, has the other do its work until it must wait, and commits the first. */
async function overlap<T>(
  first: Store,
  message: ReturnType<typeof reading>,
  work: () => Promise<T>,
): Promise<T> {
  const trx = await first.db.startTransaction().execute();
  await storeArrivals(trx, first, [message]);
  const other = work();
  await vi.waitFor(async () => {
    const { rows } = await sql<{ count: number }>`select count(*)::int as count
      from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
      first.db,
    );
    expect(rows[0]?.count).toBe(1);
  }, 10_000);
  await trx.commit().execute();
  return other;
}

async function states(store: Store) {
  const levels = await store.db
    .selectFrom('bin_states')
    .select(['bin_id', 'fill_percent'])
    .orderBy('bin_id')
    .execute();
  const device = await store.db
    .selectFrom('device_states')
    .select(['last_seen_at', 'battery_percent'])
    .executeTakeFirst();
  return { levels: levels.map((row) => [row.bin_id, row.fill_percent]), device };
}

needs('postgresql-15')('two processes that store at once in PostgreSQL', () => {
  test('do not overwrite a newer level or battery with an older one', async () => {
    await using two = await openTwo();
    const older = reading(10, { fillPercent: 20, batteryPercent: 80 });
    await overlap(two.first, reading(0, { fillPercent: 70, batteryPercent: 79 }), () =>
      two.second.db.transaction().execute((trx) => storeArrivals(trx, two.second, [older])),
    );
    expect(await states(two.first)).toEqual({
      levels: [['bin-1', 70]],
      device: { last_seen_at: NOW_MS, battery_percent: 79 },
    });
  });

  test('judge no reading by a mounting that has just been changed', async () => {
    await using two = await openTwo();
    const mounting = { binId: binId('bin-2'), deviceId: deviceId('dev-1'), geometry: GEOMETRY };
    const moved = await overlap(two.first, reading(0, { distanceMm: 700 }), () =>
      mountDevice(two.second, { ...mounting, fromMs: NOW_MS - MINUTE_MS }, NOW_MS),
    );
    expect(moved).toEqual({ ok: true, recomputedReadings: 1 });
    expect((await states(two.first)).levels).toEqual([['bin-2', 50]]);
  });
});
