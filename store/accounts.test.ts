import { expect, test } from 'vitest';
import { readAccounts } from './accounts.ts';
import { moveCursor } from './cursors.ts';
import type { Store } from './database.ts';
import { addToTally } from './tally.ts';
import { openTestStore } from './testing/open-test-store.ts';

const MQTT = { id: 'journal-1', door: 'mqtt', newestSeq: 10, oldestKept: 1, newestKept: 10 };

/** Ingest has come from the beginning of a journal to a number, and found so many copies on the way. */
async function ingest(store: Store, toSeq: number, copies = 0): Promise<void> {
  await store.db.transaction().execute(async (trx) => {
    await moveCursor(trx, { journal: MQTT.id, door: MQTT.door, fromSeq: 0, toSeq });
    await addToTally(trx, [
      { outcome: 'stored', reason: '', count: toSeq - copies },
      { outcome: 'duplicate', reason: '', count: copies },
    ]);
  });
}

test('what was accepted is stored, a copy, set aside, or waits', async () => {
  await using test = await openTestStore();
  await ingest(test.store, 6, 2);
  expect(await readAccounts(test.store.db, [MQTT])).toMatchObject({
    doors: [{ door: 'mqtt', accepted: 10, backlog: 4 }],
    unaccounted: 0,
  });
});

test('records that ingest stored, and the journal deleted since, stay in the books', async () => {
  await using test = await openTestStore();
  await ingest(test.store, 10);
  const emptied = { ...MQTT, oldestKept: 0, newestKept: 0 };
  const [door] = (await readAccounts(test.store.db, [emptied])).doors;
  expect(door).toEqual({ door: 'mqtt', accepted: 10, backlog: 0 });
});

test('ingest may go on between the look at a journal and the look at the database', async () => {
  await using test = await openTestStore();
  await ingest(test.store, 12);
  expect(await readAccounts(test.store.db, [MQTT])).toMatchObject({
    doors: [{ door: 'mqtt', accepted: 12, backlog: 0 }],
    unaccounted: 0,
  });
});

test.each([
  ['deleted before ingest had them', { ...MQTT, oldestKept: 9 }, 2],
  ['lost at the end of a journal', { ...MQTT, newestKept: 7 }, 3],
  ['lost with all others', { ...MQTT, oldestKept: 0, newestKept: 0 }, 4],
])('records %s are not accounted for', async (_name, journal, lost) => {
  await using test = await openTestStore();
  await ingest(test.store, 6);
  expect((await readAccounts(test.store.db, [journal])).unaccounted).toBe(lost);
});

test('a cursor that moved without its messages, and messages counted twice, show', async () => {
  await using test = await openTestStore();
  await test.store.db
    .transaction()
    .execute((trx) =>
      moveCursor(trx, { journal: MQTT.id, door: MQTT.door, fromSeq: 0, toSeq: 10 }),
    );
  expect((await readAccounts(test.store.db, [MQTT])).unaccounted).toBe(10);
  await test.store.db
    .transaction()
    .execute((trx) => addToTally(trx, [{ outcome: 'stored', reason: '', count: 13 }]));
  expect((await readAccounts(test.store.db, [MQTT])).unaccounted).toBe(-3);
});

test('doors with several journals are added up, and files imported elsewhere count as taken', async () => {
  await using test = await openTestStore();
  await ingest(test.store, 10);
  await test.store.db.transaction().execute(async (trx) => {
    // Not every number of a file is a message.
    await moveCursor(trx, { journal: 'f', door: 'import', fromSeq: 0, toSeq: 90, taken: 30 });
    await addToTally(trx, [{ outcome: 'quarantined', reason: 'no-codec', count: 30 }]);
  });
  const restarted = { ...MQTT, id: 'journal-2', newestSeq: 3, newestKept: 3 };
  expect(await readAccounts(test.store.db, [MQTT, restarted])).toMatchObject({
    doors: [
      { door: 'import', accepted: 30, backlog: 0 },
      { door: 'mqtt', accepted: 13, backlog: 3 },
    ],
    unaccounted: 0,
  });
});
