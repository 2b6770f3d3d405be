import { afterAll, describe, expect, test, vi } from 'vitest';
import { storeArrivals } from '../../ingest/store-arrivals.ts';
import { binId, deviceId } from '../../domain/testing/test-ids.ts';
import { addBin, addMountedDevice, arrival, GEOMETRY } from '../../ingest/testing/sample-town.ts';
import { refreshBinStates } from '../../store/bin-states.ts';
import { listBins } from '../../store/bins.ts';
import { followChanges } from '../../store/change-feed.ts';
import { newestChange, oldestChange, pruneChanges, readChanges } from '../../store/changes.ts';
import type { Change } from '../../store/changes.ts';
import { moveCursor, readCursor } from '../../store/cursors.ts';
import type { Store } from '../../store/database.ts';
import { listDevices } from '../../store/devices.ts';
import { hasLease, releaseLease, takeLease } from '../../store/leases.ts';
import { assertSchemaCurrent, migrate } from '../../store/migrate.ts';
import { mountDevice, unmountDevice } from '../../store/mount-device.ts';
import {
  acceptsToken,
  createToken,
  findPrincipal,
  listPrincipals,
  revokePrincipal,
  rotateToken,
  savePrincipal,
} from '../../store/principals.ts';
import { needs } from '../servers/needs.ts';
import { DIALECTS, openDialect, stopDialects } from './dialects.ts';
import type { Dialect } from './dialects.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const HOUR_MS = 3600_000;

afterAll(stopDialects);

async function publish(
  store: Store,
  readings: readonly (readonly [number, number])[],
): Promise<void> {
  const arrivals = readings.map(([observedAt, distanceMm]) =>
    arrival({ topic: 'bins/dev-1/up', payload: { observedAt, distanceMm }, receivedAtMs: NOW_MS }),
  );
  await store.db.transaction().execute((trx) => storeArrivals(trx, store, arrivals));
}

async function levels(store: Store): Promise<(readonly [string, number])[]> {
  const rows = await store.db.selectFrom('bin_states').selectAll().orderBy('bin_id').execute();
  return rows.map((row) => [row.bin_id, row.fill_percent]);
}

for (const dialect of DIALECTS) {
  const suite = dialect === 'postgres' ? needs('postgresql-15') : describe;
  suite(`the store on ${dialect}`, () => describeStore(dialect));
}

function describeStore(dialect: Dialect): void {
  test('is migrated once', async () => {
    await using opened = await openDialect(dialect);
    expect(await migrate(opened.store, 0)).toEqual({ applied: [], backupFile: undefined });
    await assertSchemaCurrent(opened.store);
  });

  test('tells another process of changes, in order, each once', async () => {
    await using opened = await openDialect(dialect);
    const heard: Change[] = [];
    const ending = new AbortController();
    const following = followChanges(opened.open(), {
      afterSeq: 0,
      onChanges: (changes) => void heard.push(...changes),
      onError: (error) => expect.fail(String(error)),
      signal: ending.signal,
    });
    await addBin(opened.store, 'bin-1');
    await vi.waitFor(() => expect(heard.map(({ id }) => id)).toEqual(['bin-1']), 5_000);
    await Promise.all(['a', 'b', 'c', 'd'].map((id) => addBin(opened.store, id)));
    await vi.waitFor(() => expect(heard).toHaveLength(5), 5_000);
    expect(heard.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    ending.abort();
    await following;
  });

  test('never shows a change before an earlier one, whoever commits first', async () => {
    await using opened = await openDialect(dialect);
    // Two connections of one process to one SQLite file would block each other's event loop.
    const other = dialect === 'sqlite' ? opened.store : opened.open();
    const seen: number[] = [];
    const ending = new AbortController();
    const following = followChanges(opened.open(), {
      afterSeq: 0,
      onChanges: (changes) => void seen.push(...changes.map(({ seq }) => seq)),
      onError: (error) => expect.fail(String(error)),
      signal: ending.signal,
    });
    const writers = Array.from({ length: 20 }, (_, index) =>
      addBin(index % 2 === 0 ? opened.store : other, `bin-${index}`),
    );
    await Promise.all(writers);
    await vi.waitFor(() => expect(seen).toHaveLength(20), 10_000);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    ending.abort();
    await following;
  });

  test('forgets old changes and knows how far back it remembers', async () => {
    await using opened = await openDialect(dialect);
    expect(await oldestChange(opened.store)).toBeUndefined();
    for (const id of ['a', 'b', 'c']) await addBin(opened.store, id);
    await pruneChanges(opened.store, 1);
    expect(await oldestChange(opened.store)).toBe(3);
    expect(await newestChange(opened.store)).toBe(3);
    expect(await readChanges(opened.store, 0, 10)).toEqual([{ seq: 3, kind: 'bin', id: 'c' }]);
  });

  test('gives a lease to one holder at a time', async () => {
    await using opened = await openDialect(dialect);
    const lease = { name: 'job', forMs: 1000 };
    expect(await takeLease(opened.store, { ...lease, holder: 'a' }, 0)).toBe(true);
    expect(await takeLease(opened.store, { ...lease, holder: 'b' }, 999)).toBe(false);
    const has = (holder: string, nowMs: number) =>
      hasLease(opened.store, { name: 'job', holder }, nowMs);
    expect(await Promise.all([has('a', 999), has('b', 999), has('a', 1000)])).toEqual([
      ...[true, false, false],
    ]);
    expect(await takeLease(opened.store, { ...lease, holder: 'a' }, 999)).toBe(true);
    expect(await takeLease(opened.store, { ...lease, holder: 'b' }, 1999)).toBe(true);
    await releaseLease(opened.store, 'job', 'a');
    expect(await takeLease(opened.store, { ...lease, holder: 'a' }, 2000)).toBe(false);
    await releaseLease(opened.store, 'job', 'b');
    expect(await takeLease(opened.store, { ...lease, holder: 'a' }, 2000)).toBe(true);
  });

  test('does not leave a lease for years to who took it under a clock that was ahead', async () => {
    await using opened = await openDialect(dialect);
    const lease = { name: 'job', forMs: 60_000 };
    expect(await takeLease(opened.store, { ...lease, holder: 'a' }, 2 ** 41)).toBe(true);
    expect(await takeLease(opened.store, { ...lease, holder: 'b' }, 2 ** 41)).toBe(false);
    expect(await takeLease(opened.store, { ...lease, holder: 'b' }, 2 ** 40)).toBe(true);
    expect(await takeLease(opened.store, { ...lease, holder: 'a' }, 2 ** 40)).toBe(false);
  });

  test('moves a cursor only from where it stands', async () => {
    await using opened = await openDialect(dialect);
    const move = (fromSeq: number, toSeq: number) =>
      opened.store.db
        .transaction()
        .execute((trx) => moveCursor(trx, { journal: 'j', door: 'mqtt', fromSeq, toSeq }));
    await move(0, 10);
    await move(10, 12);
    await expect(move(10, 20)).rejects.toThrow(/another ingest has moved it/);
    expect(await readCursor(opened.store, 'j')).toBe(12);
  });

  test('keeps tokens only as hashes, rotates with an overlap, and revokes', async () => {
    await using opened = await openDialect(dialect);
    const { store } = opened;
    const [first, second] = [createToken(), createToken()];
    const gateway = { id: 'gw', kind: 'gateway', prefixes: ['v3/#'], backfill: true } as const;
    await savePrincipal(store, gateway, first);
    const accepts = async (token: string, atMs: number): Promise<boolean> => {
      const principal = await findPrincipal(store, 'gw');
      return principal !== undefined && acceptsToken(principal, token, atMs);
    };
    expect(await accepts(first, NOW_MS)).toBe(true);
    expect(await accepts(second, NOW_MS)).toBe(false);
    expect(await rotateToken(store, 'gw', second, NOW_MS + HOUR_MS)).toBe(true);
    expect(await accepts(first, NOW_MS)).toBe(true);
    expect(await accepts(first, NOW_MS + HOUR_MS)).toBe(false);
    expect(await accepts(second, NOW_MS + HOUR_MS)).toBe(true);
    expect(await revokePrincipal(store, 'gw', NOW_MS)).toBe(true);
    expect(await accepts(second, NOW_MS)).toBe(false);
    expect(await revokePrincipal(store, 'nobody', NOW_MS)).toBe(false);
    const rows = await store.db.selectFrom('principals').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(second);
    expect(await listPrincipals(store)).toEqual([
      { ...gateway, revokedAtMs: NOW_MS, suspicion: null },
    ]);
  });

  test('computes exactly the span of a corrected mounting anew', async () => {
    await using opened = await openDialect(dialect);
    const { store } = opened;
    await addMountedDevice(store, { bin: 'bin-1', id: 'dev-1', model: null }, NOW_MS);
    await addBin(store, 'bin-2');
    await publish(store, [
      [NOW_MS - 3 * HOUR_MS, 700],
      [NOW_MS - HOUR_MS, 450],
      [NOW_MS, 700],
    ]);
    expect(await levels(store)).toEqual([['bin-1', 50]]);
    const moved = await mountDevice(
      store,
      {
        binId: binId('bin-2'),
        deviceId: deviceId('dev-1'),
        geometry: { ...GEOMETRY, emptyDistanceMm: 2200 },
        fromMs: NOW_MS - 1000,
      },
      NOW_MS,
    );
    expect(moved).toEqual({ ok: true, recomputedReadings: 1 });
    expect(await levels(store)).toEqual([
      ['bin-1', 75],
      ['bin-2', 75],
    ]);
    expect(await unmountDevice(store, deviceId('dev-1'), NOW_MS)).toEqual({
      binId: 'bin-2',
      recomputedReadings: 1,
    });
    expect(await levels(store)).toEqual([['bin-1', 75]]);
    expect(await listDevices(store)).toMatchObject([
      { id: 'dev-1', binId: null, lastSeenAtMs: NOW_MS },
    ]);
  });

  test('corrects the geometry of a mounting from its very beginning, and nothing beyond its end', async () => {
    await using opened = await openDialect(dialect);
    const { store } = opened;
    await addMountedDevice(store, { bin: 'bin-1', id: 'dev-1', model: null }, NOW_MS);
    const mounting = { binId: binId('bin-1'), deviceId: deviceId('dev-1'), geometry: GEOMETRY };
    await mountDevice(store, { ...mounting, fromMs: NOW_MS - HOUR_MS }, NOW_MS);
    await publish(store, [
      [NOW_MS - 2 * HOUR_MS, 700],
      [NOW_MS - HOUR_MS - 1, 700],
      [NOW_MS - HOUR_MS, 700],
      [NOW_MS, 700],
    ]);
    const fills = async (): Promise<(number | null)[]> => {
      const rows = await store.db
        .selectFrom('readings')
        .select('fill_percent')
        .orderBy('observed_at')
        .execute();
      return rows.map((row) => row.fill_percent);
    };
    expect(await fills()).toEqual([50, 50, 50, 50]);
    const taller = { ...GEOMETRY, emptyDistanceMm: 2200 };
    expect(await mountDevice(store, { ...mounting, geometry: taller, fromMs: 0 }, NOW_MS)).toEqual({
      ok: true,
      recomputedReadings: 2,
    });
    expect(await fills()).toEqual([75, 75, 50, 50]);
    const running = { ...mounting, geometry: taller, fromMs: NOW_MS - HOUR_MS };
    expect(await mountDevice(store, running, NOW_MS)).toMatchObject({ recomputedReadings: 2 });
    expect(await fills()).toEqual([75, 75, 75, 75]);
    expect(await levels(store)).toEqual([['bin-1', 75]]);
    const rows = await store.db.selectFrom('mountings').select(['from_at', 'to_at']).execute();
    expect(rows.sort((a, b) => a.from_at - b.from_at)).toEqual([
      { from_at: 0, to_at: NOW_MS - HOUR_MS },
      { from_at: NOW_MS - HOUR_MS, to_at: null },
    ]);
  });

  test('refuses a mounting that overlaps, or has no bin, device or sound geometry', async () => {
    await using opened = await openDialect(dialect);
    const { store } = opened;
    await addMountedDevice(store, { bin: 'bin-1', id: 'dev-1', model: null }, NOW_MS);
    const mounting = { binId: binId('bin-1'), deviceId: deviceId('dev-1'), geometry: GEOMETRY };
    await mountDevice(store, mounting, NOW_MS);
    const refuse = async (change: object): Promise<unknown> => {
      const result = await mountDevice(store, { ...mounting, ...change }, NOW_MS);
      return result.ok ? 'ok' : result.reason;
    };
    expect(await refuse({ fromMs: 1 })).toBe('overlap');
    expect(await refuse({ binId: binId('nowhere') })).toBe('no-such-bin');
    expect(await refuse({ deviceId: deviceId('nobody') })).toBe('no-such-device');
    expect(await refuse({ geometry: { ...GEOMETRY, fullDistanceMm: 5000 } })).toBe('bad-geometry');
  });

  test('decides between levels of one instant in the same way when they come and when they are looked up again', async () => {
    await using opened = await openDialect(dialect);
    const { store } = opened;
    // People sort these in one way, machines in another: "dev-B" before "dev-a" is the order of bytes.
    for (const id of ['dev-B', 'dev-a']) {
      await addMountedDevice(store, { bin: 'bin-1', id, model: null }, NOW_MS);
    }
    const fills = new Map([
      ['dev-a', 10],
      ['dev-B', 20],
    ]);
    const messages = [...fills].map(([id, fillPercent]) =>
      arrival({
        topic: `bins/${id}/up`,
        payload: { observedAt: NOW_MS, boot: 1, seq: 1, fillPercent },
        receivedAtMs: NOW_MS,
      }),
    );
    await store.db.transaction().execute((trx) => storeArrivals(trx, store, messages));
    expect(await levels(store)).toEqual([['bin-1', 10]]);
    await store.db.transaction().execute((trx) => refreshBinStates(trx, store, ['bin-1']));
    expect(await levels(store)).toEqual([['bin-1', 10]]);
  });

  test('keeps bins as they were saved', async () => {
    await using opened = await openDialect(dialect);
    await addBin(opened.store, 'bin-1');
    await addBin(opened.store, 'bin-1');
    expect(await listBins(opened.store)).toMatchObject([{ id: 'bin-1', location: { lat: 59.19 } }]);
  });
}
