import { describe, expect, it } from 'vitest';
import type { Store } from '../store/database.ts';
import { openTestStore } from '../store/testing/open-test-store.ts';
import { storeArrivals } from './store-arrivals.ts';
import { addMountedDevice, arrival } from './testing/sample-town.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const MINUTE_MS = 60_000;
const EUI = 'a84041ffff000001';

/** An uplink of The Things Stack with these bytes. */
function uplink(fCnt: number, fPort: number, hex: string) {
  return arrival({
    topic: `v3/bins/devices/sensor-1/up`,
    payload: {
      end_device_ids: { device_id: 'sensor-1', dev_eui: EUI.toUpperCase() },
      received_at: new Date(NOW_MS).toISOString(),
      uplink_message: {
        session_key_id: 'AYfXkG2Z0Q==',
        f_port: fPort,
        f_cnt: fCnt,
        frm_payload: Buffer.from(hex, 'hex').toString('base64'),
        received_at: new Date(NOW_MS).toISOString(),
      },
    },
    receivedAtMs: NOW_MS,
  });
}

const seconds = (ms: number) => Math.floor(ms / 1000);

/** Most significant byte first, as Dragino writes times. */
const timeOf = (ms: number) => seconds(ms).toString(16).padStart(8, '0');

/** Least significant byte first, as Milesight does. */
const swappedTimeOf = (ms: number) => Buffer.from(timeOf(ms), 'hex').reverse().toString('hex');

async function openTown(model: string) {
  const test = await openTestStore();
  await addMountedDevice(test.store, { bin: 'bin-1', id: EUI, model }, NOW_MS);
  return test;
}

async function store(store: Store, ...arrivals: readonly ReturnType<typeof uplink>[]) {
  await store.db.transaction().execute((trx) => storeArrivals(trx, store, arrivals));
}

async function readingsOf({ db }: Store) {
  return await db
    .selectFrom('readings')
    .select(['observed_at', 'late', 'fill_percent', 'sensor_fault'])
    .orderBy('observed_at')
    .execute();
}

async function levelOf({ db }: Store): Promise<number | undefined> {
  const row = await db.selectFrom('bin_states').select('fill_percent').executeTakeFirst();
  return row?.fill_percent;
}

describe('records that a device kept', () => {
  it('become late readings of their own times, and leave the present alone', async () => {
    await using test = await openTown('dragino/dds45-lb');
    const record = (mm: string, ms: number) => `0d0a${mm}000040${timeOf(ms)}`;
    const old = [NOW_MS - 180 * MINUTE_MS, NOW_MS - 120 * MINUTE_MS] as const;
    await store(test.store, uplink(1, 2, '0d0a02bc00000001')); // 700 mm
    await store(test.store, uplink(2, 3, record('01c2', old[0]) + record('0320', old[1])));
    expect(await readingsOf(test.store)).toEqual([
      { observed_at: old[0], late: 1, fill_percent: 75, sensor_fault: null },
      { observed_at: old[1], late: 1, fill_percent: 40, sensor_fault: null },
      { observed_at: NOW_MS, late: 0, fill_percent: 50, sensor_fault: null },
    ]);
    expect(await levelOf(test.store)).toBe(50);
  });

  it('may come in the frame of the present', async () => {
    await using test = await openTown('milesight/em500-udl');
    const oldMs = NOW_MS - 90 * MINUTE_MS;
    await store(test.store, uplink(1, 85, `0382bc0220ce${swappedTimeOf(oldMs)}c201`));
    expect(await readingsOf(test.store)).toEqual([
      { observed_at: oldMs, late: 1, fill_percent: 75, sensor_fault: null },
      { observed_at: NOW_MS, late: 0, fill_percent: 50, sensor_fault: null },
    ]);
    expect(await levelOf(test.store)).toBe(50);
  });

  it('do not pass for the present when the clock was never set', async () => {
    await using test = await openTown('dragino/dds45-lb');
    await store(test.store, uplink(1, 2, '0d0a02bc00000001'));
    await store(test.store, uplink(2, 3, `0d0a00c8000040${timeOf(120 * MINUTE_MS)}`));
    expect(await levelOf(test.store)).toBe(50);
    expect(await readingsOf(test.store)).toContainEqual(
      expect.objectContaining({
        fill_percent: null,
        sensor_fault: 'kept by a clock that was never set',
      }),
    );
  });

  it('are stored once, however often they are sent', async () => {
    await using test = await openTown('dragino/dds45-lb');
    const frame = `0d0a01c2000040${timeOf(NOW_MS - 120 * MINUTE_MS)}`;
    await store(test.store, uplink(2, 3, frame));
    await store(test.store, uplink(2, 3, frame));
    expect(await readingsOf(test.store)).toHaveLength(1);
  });
});
