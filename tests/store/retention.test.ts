import { afterAll, describe, expect, test } from 'vitest';
import { storeArrivals } from '../../ingest/store-arrivals.ts';
import { addMountedDevice } from '../../ingest/testing/sample-town.ts';
import { readTally } from '../../store/tally.ts';
import type { Store } from '../../store/database.ts';
import { findForgettable } from '../../store/influx/retain.ts';
import { advanceRetentionClock, dropExpired } from '../../store/retention.ts';
import { addCommand, listCommands } from '../../store/commands.ts';
import { commandDraft, commandId } from '../../store/testing/command-draft.ts';
import { needs } from '../servers/needs.ts';
import { DIALECTS, openDialect, stopDialects } from './dialects.ts';
import type { Dialect } from './dialects.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const KEEP_MS = 30 * DAY_MS;
const START_MS = Date.UTC(2026, 0, 1);

afterAll(stopDialects);

for (const dialect of DIALECTS) {
  const suite = dialect === 'postgres' ? needs('postgresql-15') : describe;
  suite(`retention on ${dialect}`, () => describeRetention(dialect));
}

/** A town with one known sensor, whose messages come at times that the test says. */
async function openTown(dialect: Dialect) {
  const opened = await openDialect(dialect);
  const { store } = opened;
  await addMountedDevice(store, { bin: 'bin-1', id: 'dev-1', model: null }, START_MS);
  let seq = 0;
  const take = async (atMs: number, deviceId = 'dev-1', times = 1): Promise<void> => {
    const messages = Array.from({ length: times }, () => ({
      ...{ door: 'mqtt', journalSeq: ++seq, receivedAtMs: atMs, principal: 'gw', backfill: false },
      ...{ qos: 1, messageId: seq, dup: false, topic: `bins/${deviceId}/up` },
      payload: Buffer.from(JSON.stringify({ boot: 'a', seq, observedAt: atMs, fillPercent: 50 })),
    }));
    await store.db.transaction().execute((trx) => storeArrivals(trx, store, messages));
  };
  return { ...opened, store, take };
}

/** Lets days pass, a round a minute would take too long: one round stands for a tenth of a day. */
async function live(store: Store, fromMs: number, days: number): Promise<number> {
  let clockMs = 0;
  for (let round = 0; round <= days * 10; round += 1) {
    clockMs = await advanceRetentionClock(store, fromMs + round * (DAY_MS / 10), DAY_MS / 10);
  }
  return clockMs;
}

async function countRows({ db }: Store): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of ['uplinks', 'readings', 'bin_states', 'quarantine'] as const) {
    counts[table] = (await db.selectFrom(table).selectAll().execute()).length;
  }
  return counts;
}

function describeRetention(dialect: Dialect): void {
  test('deletes what has been kept long enough, and nothing else', async () => {
    await using town = await openTown(dialect);
    const { store } = town;
    await live(store, START_MS, 0);
    await town.take(START_MS, 'dev-1', 3);
    await town.take(START_MS, 'stranger');
    const afterFirst = await live(store, START_MS, 20);
    await town.take(afterFirst);
    await town.take(afterFirst, 'other-stranger');
    const tally = await readTally(store.db);
    // A day after the first messages is the first mark that covers them.
    const early = await live(store, afterFirst, 10);
    expect(await dropExpired(store, { clockMs: early, keepMs: KEEP_MS })).toMatchObject({
      uplinks: 0,
    });
    const late = await live(store, early, 3);
    expect(await dropExpired(store, { clockMs: late, keepMs: KEEP_MS })).toEqual({
      ...{ uplinks: 3, quarantined: 1, commands: 0 },
    });
    expect(await countRows(store)).toEqual({
      ...{ uplinks: 1, readings: 1, bin_states: 1, quarantine: 1 },
    });
    // What became of messages stays counted.
    expect(await readTally(store.db)).toEqual(tally);
    expect(await dropExpired(store, { clockMs: late, keepMs: KEEP_MS })).toMatchObject({
      uplinks: 0,
    });
  });

  test('takes a level away with the reading it came from', async () => {
    await using town = await openTown(dialect);
    const { store } = town;
    await town.take(START_MS);
    const clockMs = await live(store, START_MS, 33);
    await dropExpired(store, { clockMs, keepMs: KEEP_MS });
    expect(await countRows(store)).toMatchObject({ uplinks: 0, readings: 0, bin_states: 0 });
  });

  test.each([
    ['a year ahead', 365 * DAY_MS],
    ['to 2038', Date.UTC(2038, 0, 19) - START_MS],
  ])('deletes nothing because the clock jumps %s', async (_, jumpMs) => {
    await using town = await openTown(dialect);
    const { store } = town;
    const clockMs = await live(store, START_MS, 1);
    await town.take(clockMs);
    // An hour of rounds under the wrong clock, messages included; then it is put right.
    let jumped = clockMs;
    for (let minute = 0; minute < 60; minute += 1) {
      const nowMs = clockMs + jumpMs + minute * MINUTE_MS;
      jumped = await advanceRetentionClock(store, nowMs, MINUTE_MS);
      if (minute % 20 === 0) await town.take(nowMs);
      expect(await dropExpired(store, { clockMs: jumped, keepMs: KEEP_MS })).toMatchObject({
        ...{ uplinks: 0, quarantined: 0 },
      });
    }
    expect(jumped - clockMs).toBeLessThanOrEqual(600 * MINUTE_MS);
    expect(await countRows(store)).toMatchObject({ uplinks: 4 });
  });

  test('deletes nothing that was received under a clock that stood in the past', async () => {
    await using town = await openTown(dialect);
    const { store } = town;
    const clockMs = await live(store, START_MS, 2);
    expect(await advanceRetentionClock(store, 0, MINUTE_MS)).toBe(clockMs);
    await town.take(0);
    await town.take(0, 'stranger');
    const right = await live(store, clockMs, 20);
    expect(await dropExpired(store, { clockMs: right, keepMs: KEEP_MS })).toEqual({
      ...{ uplinks: 0, quarantined: 0, commands: 0 },
    });
    expect(await countRows(store)).toMatchObject({ uplinks: 1, quarantine: 1 });
  });

  test('keeps what InfluxDB has not got yet, and what was set aside and has come again', async () => {
    await using town = await openTown(dialect);
    const { store } = town;
    await town.take(START_MS);
    const { id } = await store.db.selectFrom('readings').select('id').executeTakeFirstOrThrow();
    await store.db.insertInto('outbox').values({ reading_id: id }).execute();
    await town.take(START_MS, 'stranger');
    const clockMs = await live(store, START_MS, 33);
    await store.db.updateTable('quarantine').set({ last_received_at: clockMs }).execute();
    expect(await dropExpired(store, { clockMs, keepMs: KEEP_MS })).toMatchObject({
      ...{ uplinks: 0, quarantined: 0 },
    });
    await store.db.deleteFrom('outbox').execute();
    expect(await dropExpired(store, { clockMs, keepMs: KEEP_MS })).toMatchObject({ uplinks: 1 });
  });

  test('lets InfluxDB forget by when readings were observed, but keeps what was imported lately', async () => {
    await using town = await openTown(dialect);
    const { store } = town;
    const clockMs = await live(store, START_MS, 0);
    const forgettable = (atMs: number) =>
      findForgettable(store, { clockMs: atMs, keepMs: KEEP_MS });
    expect(await forgettable(clockMs)).toBe(START_MS - KEEP_MS);
    await town.take(START_MS);
    expect(await forgettable(clockMs)).toBe(START_MS - KEEP_MS);
    // History of two years ago, which counts from today: before the day is marked, and after.
    await town.take(START_MS - 730 * DAY_MS);
    const last = store.db.selectFrom('uplinks').select(({ fn }) => fn.max('id').as('id'));
    await store.db.updateTable('uplinks').set({ backfill: 1 }).where('id', '=', last).execute();
    expect(await forgettable(clockMs)).toBe(START_MS - 730 * DAY_MS);
    const laterMs = await live(store, START_MS, 29);
    expect(await forgettable(laterMs)).toBe(START_MS - 730 * DAY_MS);
    const afterMs = await live(store, laterMs, 4);
    expect(await forgettable(afterMs)).toBe(START_MS + 3 * DAY_MS);
  });

  test('deletes commands that ended long ago, not those that wait', async () => {
    await using town = await openTown(dialect);
    const { store } = town;
    const old = { requested_at: START_MS, expires_at: START_MS + DAY_MS };
    await addCommand(store, commandDraft(commandId(1), old));
    await addCommand(store, commandDraft(commandId(2), { ...old, kind: 'raw' }));
    await store.db
      .updateTable('commands')
      .set({ state: 'expired' })
      .where('id', '=', commandId(1))
      .execute();
    const clockMs = await live(store, START_MS, 33);
    expect(await dropExpired(store, { clockMs, keepMs: KEEP_MS })).toMatchObject({ commands: 1 });
    const left = await listCommands(store, { limit: 10 });
    expect(left.map((command) => command.id)).toEqual([commandId(2)]);
  });
}
