import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyCommandEvents } from './command-events.ts';
import type { CommandEvent } from './command-events.ts';
import { addCommand, expireCommands, findCommand } from './commands.ts';
import type { Store } from './database.ts';
import { commandDraft, commandId } from './testing/command-draft.ts';
import { openTestStore } from './testing/open-test-store.ts';

const event: fc.Arbitrary<CommandEvent> = fc.record({
  commandId: fc.constantFrom(commandId(1), commandId(2), commandId(9)),
  deviceId: fc.constantFrom('dev-1', 'name-at-network', 'dev-2'),
  state: fc.constantFrom('sent', 'acknowledged', 'failed'),
  atMs: fc.integer({ min: 2_000, max: 2_005 }),
  detail: fc.constantFrom('too long', 'no answer'),
});

/** The same events another way: shuffled, some of them twice, in batches of another size. */
const twoWays = fc.array(event, { minLength: 1, maxLength: 12 }).chain((events) =>
  fc.record({
    events: fc.constant(events),
    crooked: fc
      .subarray(events)
      .chain((copies) =>
        fc.shuffledSubarray([...events, ...copies], { minLength: events.length + copies.length }),
      ),
    batch: fc.integer({ min: 1, max: 5 }),
  }),
);

async function live(store: Store, events: readonly CommandEvent[], batch: number) {
  await store.db.deleteFrom('commands').execute();
  await addCommand(store, commandDraft(commandId(1), { network_name: 'name-at-network' }));
  const other = { device_id: 'dev-2', kind: 'raw', request: '{}' };
  await addCommand(store, commandDraft(commandId(2), other));
  for (let start = 0; start < events.length; start += batch) {
    await store.db
      .transaction()
      .execute((trx) => applyCommandEvents(trx, store.kind, events.slice(start, start + batch)));
  }
  return store.db.selectFrom('commands').selectAll().orderBy('id').execute();
}

describe('what is heard of commands', () => {
  test('leads to one state, in whichever order, batches and number of copies it is heard', async () => {
    await using opened = await openTestStore();
    const { store } = opened;
    if (store.kind === 'sqlite') store.sqlite.pragma('synchronous = off');
    await fc.assert(
      fc.asyncProperty(twoWays, async ({ events, crooked, batch }) => {
        const straight = await live(store, events, events.length);
        expect(await live(store, crooked, batch)).toEqual(straight);
      }),
      { numRuns: 150 },
    );
  });

  test('of another device does nothing', async () => {
    await using opened = await openTestStore();
    const { store } = opened;
    await addCommand(store, commandDraft(commandId(1)));
    const before = await findCommand(store, commandId(1));
    const forged = { commandId: commandId(1), deviceId: 'dev-2', atMs: 5 } as const;
    await apply(store, { ...forged, state: 'acknowledged' });
    expect(await findCommand(store, commandId(1))).toEqual(before);
  });

  test('can still come after the time of the command was over', async () => {
    await using opened = await openTestStore();
    const { store } = opened;
    await addCommand(store, commandDraft(commandId(1), { expires_at: 5_000 }));
    const said = { commandId: commandId(1), deviceId: 'dev-1' };
    await apply(store, { ...said, state: 'sent', atMs: 2_000 });
    expect(await expireCommands(store, 4_999)).toBe(0);
    expect(await expireCommands(store, 5_000)).toBe(1);
    expect(await findCommand(store, commandId(1))).toMatchObject({
      state: 'expired',
      sent_at: 2_000,
      expired_at: 5_000,
    });
    await apply(store, { ...said, state: 'acknowledged', atMs: 6_000 });
    expect(await findCommand(store, commandId(1))).toMatchObject({ state: 'acknowledged' });
    expect(await expireCommands(store, 7_000)).toBe(0);
  });

  test('of an interval is believed by the registry once the device has taken it, the newest one', async () => {
    await using opened = await openTestStore();
    const { store } = opened;
    await store.db
      .insertInto('devices')
      .values({ id: 'dev-1', model: null, report_interval_seconds: 60 })
      .execute();
    const interval = (number: number, seconds: number) =>
      addCommand(store, {
        ...commandDraft(commandId(number), { requested_at: 1_000 + number }),
        request: JSON.stringify({ kind: 'set-report-interval', seconds }),
      });
    await interval(1, 600);
    await apply(store, { ...of(1), state: 'sent', atMs: 2_000 });
    await interval(2, 1_200);
    expect(await readInterval(store)).toBe(60);
    await apply(store, { ...of(2), state: 'acknowledged', atMs: 3_000 });
    expect(await readInterval(store)).toBe(1_200);
    await apply(store, { ...of(1), state: 'acknowledged', atMs: 3_001 });
    expect(await readInterval(store)).toBe(1_200);
  });
});

function of(number: number) {
  return { commandId: commandId(number), deviceId: 'dev-1' };
}

async function apply(store: Store, ...events: readonly CommandEvent[]): Promise<void> {
  await store.db.transaction().execute((trx) => applyCommandEvents(trx, store.kind, events));
}

async function readInterval(store: Store): Promise<number | null | undefined> {
  const row = await store.db.selectFrom('devices').selectAll().executeTakeFirst();
  return row?.report_interval_seconds;
}
