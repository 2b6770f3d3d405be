import { describe, expect, it } from 'vitest';
import { saveDevices } from '../store/devices.ts';
import { listQuarantine } from '../store/quarantine.ts';
import { readTally } from '../store/tally.ts';
import { openTestStore } from '../store/testing/open-test-store.ts';
import { adoptDevice, replayQuarantine } from './replay.ts';
import { storeArrivals } from './store-arrivals.ts';
import { addBin, arrival, binId, deviceId, GEOMETRY } from './testing/sample-town.ts';

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

  it('refuses to adopt into a bin that is not there and changes nothing', async () => {
    await using test = await openWithStranger();
    const device = { id: deviceId('stranger'), model: null, reportIntervalSeconds: null };
    const mounting = { binId: binId('nowhere'), geometry: GEOMETRY };
    const result = await adoptDevice(test.store, { device, mounting }, NOW_MS);
    expect(result).toMatchObject({ ok: false, reason: 'no-such-bin' });
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
});
