import { describe, expect, it } from 'vitest';
import { saveDevices } from '../store/devices.ts';
import { listQuarantine } from '../store/quarantine.ts';
import { readTally } from '../store/tally.ts';
import { openTestStore } from '../store/testing/open-test-store.ts';
import { adoptDevice, replayQuarantine } from './replay.ts';
import { storeArrivals } from './store-arrivals.ts';
import { checkBooks } from './testing/check-books.ts';
import { binId, deviceId } from '../domain/testing/test-ids.ts';
import { addBin, arrival, GEOMETRY } from './testing/sample-town.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);

async function openWithStranger() {
  const test = await openTestStore();
  await addBin(test.store, 'bin-1');
  const up = (observedAtMs: number, distanceMm: number) =>
    arrival({
      topic: 'bins/stranger/up',
      payload: { observedAt: observedAtMs, distanceMm },
      receivedAtMs: observedAtMs,
    });
  const first = up(NOW_MS - 60_000, 700);
  const messages = [first, up(NOW_MS, 450), { ...first, dup: true }];
  await test.store.db.transaction().execute((trx) => storeArrivals(trx, test.store, messages));
  return test;
}

describe('quarantine', () => {
  it('keeps the messages of an unknown device, equal ones in one row', async () => {
    await using test = await openWithStranger();
    const rows = await listQuarantine(test.store.db, {});
    expect(rows.map(({ reason, times }) => [reason, times])).toEqual([
      ['unknown-device', 1],
      ['unknown-device', 2],
    ]);
  });

  it('adopts a device: its old messages become readings of the bin, and every message stays counted', async () => {
    await using test = await openWithStranger();
    const device = { id: deviceId('stranger'), model: null, reportIntervalSeconds: null };
    const mounting = { binId: binId('bin-1'), geometry: GEOMETRY };
    expect(await adoptDevice(test.store, { device, mounting }, NOW_MS)).toEqual({
      ok: true,
      resolved: 2,
      refused: 0,
      next: null,
    });
    const state = await test.store.db
      .selectFrom('bin_states')
      .select('fill_percent')
      .executeTakeFirst();
    expect(state?.fill_percent).toBe(75);
    expect(await listQuarantine(test.store.db, {})).toEqual([]);
    const tally = await readTally(test.store.db);
    expect(tally.filter(({ count }) => count !== 0)).toEqual([
      { outcome: 'duplicate', reason: '', count: 1 },
      { outcome: 'stored', reason: '', count: 2 },
    ]);
  });

  it('replays no more than it is told to, the oldest first, and says where to go on', async () => {
    await using test = await openWithStranger();
    const device = { id: deviceId('stranger'), model: null, reportIntervalSeconds: null };
    const mounting = { binId: binId('bin-1'), geometry: GEOMETRY };
    const [young, old] = await listQuarantine(test.store.db, {});
    expect(await adoptDevice(test.store, { device, mounting }, NOW_MS, [], 1)).toEqual({
      ...{ ok: true, resolved: 1, refused: 0 },
      next: old?.id,
    });
    expect(await listQuarantine(test.store.db, {})).toEqual([young]);
  });

  it('refuses to adopt into a bin that is not there, or that cannot be, and changes nothing', async () => {
    await using test = await openWithStranger();
    const device = { id: deviceId('stranger'), model: null, reportIntervalSeconds: null };
    const mounting = { binId: binId('nowhere'), geometry: GEOMETRY };
    const result = await adoptDevice(test.store, { device, mounting }, NOW_MS);
    expect(result).toMatchObject({ ok: false, reason: 'no-such-bin' });
    const flat = { binId: binId('bin-1'), geometry: { ...GEOMETRY, emptyDistanceMm: 100 } };
    expect(await adoptDevice(test.store, { device, mounting: flat }, NOW_MS)).toMatchObject({
      ok: false,
      reason: 'bad-geometry',
    });
    const twice = { binId: binId('bin-1'), geometry: { ...GEOMETRY, temperatureReferenceC: 20 } };
    const wise = { ...device, model: 'decentlab/dl-mbx' };
    expect(await adoptDevice(test.store, { device: wise, mounting: twice }, NOW_MS)).toMatchObject({
      ok: false,
      reason: 'bad-geometry',
      detail: expect.stringContaining('right at any temperature'),
    });
    expect(await test.store.db.selectFrom('devices').selectAll().execute()).toEqual([]);
  });

  it('replays into the reason that holds now when a message is still refused', async () => {
    await using test = await openTestStore();
    const message = arrival({
      topic: 'bins/late/up',
      payload: { fillPercent: 900 },
      receivedAtMs: NOW_MS,
    });
    await test.store.db.transaction().execute((trx) => storeArrivals(trx, test.store, [message]));
    await saveDevices(test.store, [
      { id: deviceId('late'), model: null, reportIntervalSeconds: null },
    ]);
    const [row] = await listQuarantine(test.store.db, {});
    expect(row?.reason).toBe('unknown-device');
    const replayed = await replayQuarantine(test.store, [row?.id ?? 0, 4711], NOW_MS);
    expect(replayed).toEqual({ resolved: 0, refused: 1 });
    const [after] = await listQuarantine(test.store.db, {});
    expect(after?.reason).toBe('impossible');
    const tally = await readTally(test.store.db);
    expect(tally.filter(({ count }) => count !== 0)).toEqual([
      { outcome: 'quarantined', reason: 'impossible', count: 1 },
    ]);
  });

  it('keeps every message of a stranger without a clock, so that the newest is the level when it is adopted', async () => {
    await using test = await openTestStore();
    await addBin(test.store, 'bin-1');
    const HOUR_MS = 3_600_000;
    const up = (receivedAtMs: number, more: object = {}) =>
      arrival({ topic: 'bins/stranger/up', payload: { fillPercent: 40 }, receivedAtMs, ...more });
    const messages = [
      ...[3, 2, 1].map((hoursAgo) => up(NOW_MS - hoursAgo * HOUR_MS)),
      up(NOW_MS, { messageId: 7 }),
      up(NOW_MS + 60_000, { messageId: 7, dup: true }),
    ];
    await test.store.db.transaction().execute((trx) => storeArrivals(trx, test.store, messages));
    const device = { id: deviceId('stranger'), model: null, reportIntervalSeconds: null };
    const mounting = { binId: binId('bin-1'), geometry: GEOMETRY };
    await adoptDevice(test.store, { device, mounting }, NOW_MS);
    const state = await test.store.db
      .selectFrom('bin_states')
      .select(['fill_percent', 'observed_at'])
      .executeTakeFirst();
    expect(state).toEqual({ fill_percent: 40, observed_at: NOW_MS });
    await checkBooks(test.store, 5);
    const uplinks = await test.store.db.selectFrom('uplinks').select('id').execute();
    expect(uplinks).toHaveLength(4);
  });

  it('counts all copies of a message under the reason of the newest', async () => {
    await using test = await openTestStore();
    const message = arrival({
      topic: 'bins/late/up',
      payload: { observedAt: NOW_MS, fillPercent: 900 },
      receivedAtMs: NOW_MS,
    });
    const take = (): Promise<unknown> =>
      test.store.db.transaction().execute((trx) => storeArrivals(trx, test.store, [message]));
    await take();
    await saveDevices(test.store, [
      { id: deviceId('late'), model: null, reportIntervalSeconds: null },
    ]);
    await take();
    await checkBooks(test.store, 2);
    expect((await readTally(test.store.db)).filter(({ count }) => count !== 0)).toEqual([
      { outcome: 'quarantined', reason: 'impossible', count: 2 },
    ]);
  });

  it('counts anew when a message is refused again after it was replayed', async () => {
    await using test = await openWithStranger();
    const device = { id: deviceId('stranger'), model: null, reportIntervalSeconds: null };
    await adoptDevice(
      test.store,
      { device, mounting: { binId: binId('bin-1'), geometry: GEOMETRY } },
      NOW_MS,
    );
    // Nothing in Tunna forgets a device; a person with a database tool may.
    await test.store.db.deleteFrom('mountings').execute();
    await test.store.db.deleteFrom('devices').execute();
    const again = arrival({
      topic: 'bins/stranger/up',
      payload: { observedAt: NOW_MS - 60_000, distanceMm: 700 },
      receivedAtMs: NOW_MS,
    });
    await test.store.db.transaction().execute((trx) => storeArrivals(trx, test.store, [again]));
    await checkBooks(test.store, 4);
    await saveDevices(test.store, [device]);
    const [open] = await listQuarantine(test.store.db, {});
    await replayQuarantine(test.store, [open?.id ?? 0], NOW_MS);
    await checkBooks(test.store, 4);
  });
});
