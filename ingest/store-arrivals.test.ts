import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Store } from '../store/database.ts';
import type { RawArrival } from '../store/quarantine.ts';
import { readTally } from '../store/tally.ts';
import { openTestStore } from '../store/testing/open-test-store.ts';
import { storeArrivals } from './store-arrivals.ts';
import { dumpStore } from './testing/dump-store.ts';
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
    { bin: 'bin-3', id: eui, model: 'milesight-em400-mud' },
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

  it('gives the same store for any order and any number of copies of the same messages', async () => {
    const message = fc.oneof(
      fc
        .record({
          device: fc.constantFrom('dev-1', 'dev-2', 'stranger'),
          observedAtMs: fc.integer({ min: -200, max: 200 }).map((m) => NOW_MS + m * MINUTE_MS),
          fillPercent: fc.integer({ min: -10, max: 230 }),
          batteryPercent: fc.integer({ min: 0, max: 100 }),
          delayMs: fc.integer({ min: 0, max: 3 }).map((m) => m * 40 * MINUTE_MS),
        })
        .map(({ device, observedAtMs, fillPercent, batteryPercent, delayMs }) =>
          ownJson(
            device,
            { observedAt: observedAtMs, fillPercent, batteryPercent },
            NOW_MS + delayMs,
          ),
        ),
      fc
        .record({
          fCnt: fc.integer({ min: 0, max: 3 }),
          distanceMm: fc.constantFrom(0, 20, 300, 700, 1100, 1250, 1400),
          minutes: fc.integer({ min: 0, max: 30 }),
          delayMs: fc.constantFrom(0, MINUTE_MS),
        })
        .map(({ fCnt, distanceMm, minutes, delayMs }) => {
          const observedAtMs = NOW_MS + minutes * MINUTE_MS;
          return chirpStack(fCnt, distanceMm, observedAtMs, observedAtMs + delayMs);
        }),
      fc
        .string({ maxLength: 12 })
        .map((payload) => arrival({ topic: 'bins/dev-1/up', payload, receivedAtMs: NOW_MS })),
    );
    const runs = fc.array(message, { minLength: 1, maxLength: 12 }).chain((messages) =>
      fc.record({
        messages: fc.constant(messages),
        copies: fc.array(
          fc.record({
            which: fc.nat(messages.length - 1),
            delayMs: fc.constantFrom(0, 1, 3 * MINUTE_MS),
            backfill: fc.boolean(),
          }),
          { maxLength: 8 },
        ),
        batchSize: fc.integer({ min: 1, max: 20 }),
        seed: fc.integer(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(runs, async ({ messages, copies, batchSize, seed }) => {
        const all = [...messages];
        for (const { which, delayMs, backfill } of copies) {
          const original = messages[which];
          if (original === undefined) continue;
          all.push({
            ...original,
            backfill,
            receivedAtMs: original.receivedAtMs + delayMs,
            dup: true,
          });
        }
        await using straight = await openTown();
        await storeInBatches(straight.store, all);
        await using shuffled = await openTown();
        await storeInBatches(shuffled.store, shuffle([...all, ...all], seed), batchSize);
        const twice = (text: string): string => text.replaceAll(/"times": \d+/g, '"times": n');
        expect(twice(await dumpStore(shuffled.store))).toBe(twice(await dumpStore(straight.store)));
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});

function shuffle<T>(items: readonly T[], seed: number): T[] {
  const shuffled = [...items];
  let state = seed >>> 0;
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = state % (last + 1);
    const kept = shuffled[last];
    const moved = shuffled[other];
    if (kept === undefined || moved === undefined) continue;
    shuffled[last] = moved;
    shuffled[other] = kept;
  }
  return shuffled;
}
