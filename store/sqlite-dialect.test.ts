import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openTestStore } from './testing/open-test-store.ts';

test('a transaction that SQLite itself has rolled back fails with the reason', async () => {
  await using test = await openTestStore();
  const { db } = test.store;
  const failing = db.transaction().execute(async (trx) => {
    await sql`create table once (id integer primary key)`.execute(trx);
    await sql`insert into once values (1)`.execute(trx);
    // What SQLite does by itself on a full disk, too: it ends the whole transaction.
    await sql`insert or rollback into once values (1)`.execute(trx);
  });
  await expect(failing).rejects.toThrow('UNIQUE constraint failed: once.id');
  const next = db.transaction().execute((trx) => sql`select 1 as one`.execute(trx));
  expect((await next).rows).toEqual([{ one: 1 }]);
});
