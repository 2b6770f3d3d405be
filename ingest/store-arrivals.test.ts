import { describe, expect, it } from 'vitest';
import type { Store } from '../store/database.ts';
import type { RawArrival } from '../store/quarantine.ts';
import { readTally } from '../store/tally.ts';
import { openTestStore } from '../store/testing/open-test-store.ts';
import { storeArrivals } from './store-arrivals.ts';
import { addMountedDevice, arrival } from './testing/sample-town.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const MINUTE_MS = 60_000;

async function storeInBatches(
  store: Store,
  arrivals: readonly RawArrival[],
  batchSize = arrivals.length,
): Promise<void> {
  for (let start = 0; start < arrivals.length; start += batchSize) {
    const batch = arrivals.slice(start, start + batchSize);
    await store.db.transaction().execute((trx) => storeArrivals(trx, store, batch));
  }
}

async function openTown() {
  const test = await openTestStore();
  await addMountedDevice(test.store, { bin: 'bin-1', id: 'dev-1', model: null }, NOW_MS);
  await addMountedDevice(test.store, { bin: 'bin-2', id: 'dev-2', model: null }, NOW_MS);
  const eui = '24e124713c140001';
  await addMountedDevice(
    test.store,
    { bin: 'bin-3', id: eui, model: 'milesight/em400-mud' },
    NOW_MS,
  );
  return test;
}

function ownJson(device: string, body: object, receivedAtMs = NOW_MS): RawArrival {
  return arrival({ topic: `bins/${device}/up`, payload: body, receivedAtMs });
}

/** A ChirpStack document around `04 82` (distance, mm), as an EM400-MUD sends it on port 85. */
function chirpStack(fCnt: number, distanceMm: number, observedAtMs: number, receivedAtMs: number) {
  const devEui = '24e124713c140001';
  const data = Buffer.from([0x04, 0x82, distanceMm & 0xff, distanceMm >> 8]).toString('base64');
  return arrival({
    topic: `application/5b1b8c5e-0000-4000-8000-000000000001/device/${devEui}/event/up`,
    payload: {
      deduplicationId: `00000000-0000-4000-8000-${String(fCnt).padStart(12, '0')}`,
      time: new Date(observedAtMs).toISOString(),
      deviceInfo: { devEui, deviceName: 'em400', deviceProfileName: 'EM400-MUD' },
      devAddr: '0189abcd',
      adr: true,
      dr: 5,
      fCnt,
      fPort: 85,
      confirmed: false,
      data,
    },
    receivedAtMs,
  });
}

async function levelOf(store: Store, binId: string): Promise<number | undefined> {
  const row = await store.db
    .selectFrom('bin_states')
    .select('fill_percent')
    .where('bin_id', '=', binId)
    .executeTakeFirst();
  return row?.fill_percent;
}

describe('storing arrivals', () => {
  it('computes the fill of a distance from the geometry of the mounting', async () => {
    await using test = await openTown();
    await storeInBatches(test.store, [chirpStack(1, 450, NOW_MS, NOW_MS)]);
    expect(await levelOf(test.store, 'bin-3')).toBe(75);
  });

  it('keeps a level above 100 % as it is', async () => {
    await using test = await openTown();
    await storeInBatches(test.store, [ownJson('dev-1', { observedAt: NOW_MS, fillPercent: 118 })]);
    expect(await levelOf(test.store, 'bin-1')).toBe(118);
  });

  it('stores late history without touching the present', async () => {
    await using test = await openTown();
    const present = ownJson('dev-1', { observedAt: NOW_MS, fillPercent: 40 });
    const history = ownJson('dev-1', { observedAt: NOW_MS - 90 * MINUTE_MS, fillPercent: 90 });
    await storeInBatches(test.store, [present, history], 1);
    expect(await levelOf(test.store, 'bin-1')).toBe(40);
    const late = await test.store.db.selectFrom('readings').select('late').orderBy('id').execute();
    expect(late.map((row) => row.late)).toEqual([0, 1]);
  });

  it('takes the time of arrival for a clock that is ahead or was never set, and says so', async () => {
    await using test = await openTown();
    await storeInBatches(test.store, [
      ownJson('dev-1', { observedAt: NOW_MS + 3600_000, fillPercent: 10 }),
      ownJson('dev-2', { observedAt: '1970-01-01T00:00:07Z', fillPercent: 20 }),
    ]);
    const rows = await test.store.db
      .selectFrom('readings')
      .select(['observed_at', 'clock_reason', 'quality_reason'])
      .orderBy('device_id')
      .execute();
    expect(rows).toEqual([
      { observed_at: NOW_MS, clock_reason: 'clock-ahead', quality_reason: 'bad-clock' },
      { observed_at: NOW_MS, clock_reason: 'clock-unset', quality_reason: 'bad-clock' },
    ]);
  });

  it('counts a message without a time as a copy only within the redelivery window and with its message id', async () => {
    await using test = await openTown();
    const body = { fillPercent: 33 };
    const first = arrival({
      topic: 'bins/dev-1/up',
      payload: body,
      receivedAtMs: NOW_MS,
      messageId: 7,
    });
    const again = { ...first, journalSeq: 9_001, receivedAtMs: NOW_MS + MINUTE_MS, dup: true };
    const next = { ...first, journalSeq: 9_002, receivedAtMs: NOW_MS + 15 * MINUTE_MS };
    const other = { ...first, journalSeq: 9_003, receivedAtMs: NOW_MS + MINUTE_MS, messageId: 8 };
    await storeInBatches(test.store, [first, again, next, other], 1);
    expect(await readTally(test.store.db)).toEqual([
      { outcome: 'duplicate', reason: '', count: 1 },
      { outcome: 'stored', reason: '', count: 3 },
    ]);
  });

  it('hears a device in what it says, not in what its network server says of it', async () => {
    await using test = await openTown();
    const eui = '24e124713c140001';
    const said = (event: string, minutes: number): RawArrival =>
      arrival({
        topic: `application/5b1b8c5e-0000-4000-8000-000000000001/device/${eui}/event/${event}`,
        payload: {
          time: new Date(NOW_MS + minutes * MINUTE_MS).toISOString(),
          deviceInfo: { devEui: eui },
        },
        receivedAtMs: NOW_MS + minutes * MINUTE_MS,
      });
    const seen = async (): Promise<(number | undefined)[]> => {
      const rows = await test.store.db.selectFrom('device_states').selectAll().execute();
      return rows.map((row) => row.last_seen_at);
    };
    await storeInBatches(test.store, [said('txack', 1)]);
    expect(await seen()).toEqual([]);
    await storeInBatches(test.store, [said('join', 2), said('log', 3), said('txack', 4)]);
    expect(await seen()).toEqual([NOW_MS + 2 * MINUTE_MS]);
  });

  it('keeps two different frames that claim the same counter', async () => {
    await using test = await openTown();
    await storeInBatches(test.store, [
      chirpStack(0, 900, NOW_MS - 5 * MINUTE_MS, NOW_MS - 5 * MINUTE_MS),
      chirpStack(0, 700, NOW_MS, NOW_MS),
    ]);
    expect(await levelOf(test.store, 'bin-3')).toBe(50);
    expect(await readTally(test.store.db)).toEqual([{ outcome: 'stored', reason: '', count: 2 }]);
  });

  it('sets aside unknown devices, bytes it cannot read and impossible values, and stores their neighbours', async () => {
    await using test = await openTown();
    await storeInBatches(test.store, [
      ownJson('stranger', { observedAt: NOW_MS, fillPercent: 5 }),
      arrival({ topic: 'bins/dev-1/up', payload: 'garbage', receivedAtMs: NOW_MS }),
      ownJson('dev-1', { observedAt: NOW_MS, fillPercent: 4000 }),
      ownJson('dev-2', { observedAt: NOW_MS, fillPercent: 55 }),
    ]);
    expect(await levelOf(test.store, 'bin-2')).toBe(55);
    const tally = await readTally(test.store.db);
    expect(tally.map(({ reason, count }) => [reason, count])).toEqual([
      ['impossible', 1],
      ['not-json', 1],
      ['unknown-device', 1],
      ['', 1],
    ]);
    const kept = await test.store.db
      .selectFrom('quarantine')
      .select('payload')
      .where('reason', '=', 'not-json')
      .execute();
    expect(kept.map(({ payload }) => payload.toString())).toEqual(['garbage']);
  });

  it('takes the first delivery of a message without a time, also when its redelivery was read first', async () => {
    const first = arrival({
      topic: 'bins/dev-1/up',
      payload: { fillPercent: 33 },
      receivedAtMs: NOW_MS,
      messageId: 7,
    });
    const again = { ...first, door: 'http', receivedAtMs: NOW_MS + MINUTE_MS };
    for (const order of [
      [first, again],
      [again, first],
      [again, { ...first, messageId: null }, again],
    ]) {
      await using test = await openTown();
      const marked = order.map((one) => (one.door === 'http' ? { ...one, dup: true } : one));
      await storeInBatches(test.store, marked, 1);
      const uplinks = await test.store.db.selectFrom('uplinks').select('received_at').execute();
      expect(uplinks).toEqual([{ received_at: NOW_MS }]);
      const [state] = await test.store.db.selectFrom('bin_states').select('observed_at').execute();
      expect(state).toEqual({ observed_at: NOW_MS });
    }
  });

  it('knows a record it has read before by its place, beside a copy that was filed under another time', async () => {
    await using test = await openTown();
    const unset = { ...ownJson('dev-1', { observedAt: 1000, fillPercent: 5 }), messageId: null };
    const backfilled = {
      ...unset,
      journalSeq: unset.journalSeq + 100_000,
      backfill: true,
      dup: true,
    };
    await storeInBatches(test.store, [unset, backfilled, unset], 1);
    const readings = await test.store.db.selectFrom('readings').select('observed_at').execute();
    const times = readings.map(({ observed_at }) => observed_at);
    expect(times.sort((a, b) => a - b)).toEqual([1000, NOW_MS]);
  });

  it('takes no message for the first delivery of one that came before it', async () => {
    await using test = await openTown();
    const marked = arrival({
      topic: 'bins/dev-1/up',
      payload: { fillPercent: 33 },
      receivedAtMs: NOW_MS,
      messageId: null,
      dup: true,
    });
    const next = { ...marked, journalSeq: 1_000_000, receivedAtMs: NOW_MS + MINUTE_MS, dup: false };
    await storeInBatches(test.store, [marked, next], 1);
    expect(await readTally(test.store.db)).toEqual([{ outcome: 'stored', reason: '', count: 2 }]);
  });

  it('keeps the lower of two battery values of one instant, whichever message came first', async () => {
    const at = { observedAt: NOW_MS, fillPercent: 10 };
    const messages = [
      ownJson('dev-1', { ...at, batteryPercent: 50, batteryV: 3.1 }),
      ownJson('dev-1', { ...at, batteryPercent: 50, batteryV: 3 }),
      ownJson('dev-1', { ...at, batteryV: 3.6 }),
    ];
    for (const order of [messages, messages.toReversed()]) {
      await using test = await openTown();
      await storeInBatches(test.store, order, 1);
      const battery = await test.store.db
        .selectFrom('device_states')
        .select(['battery_percent', 'battery_v'])
        .execute();
      expect(battery).toEqual([{ battery_percent: 50, battery_v: 3 }]);
    }
  });
});
