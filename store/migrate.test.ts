import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { openStore, closeStore } from './database.ts';
import { assertSchemaCurrent, migrate } from './migrate.ts';
import { openTestStore } from './testing/open-test-store.ts';

describe('migrating', () => {
  it('does nothing the second time', async () => {
    await using test = await openTestStore();
    expect(await migrate(test.store, 0)).toEqual({ applied: [], backupFile: undefined });
    await assertSchemaCurrent(test.store);
  });

  it('lets several processes migrate one file at once', async () => {
    await using test = await openTestStore();
    const file = `${test.folder}/shared.sqlite`;
    await Promise.all([1, 2, 3].map(() => migrateInProcess(file)));
    const store = openStore(file);
    await assertSchemaCurrent(store);
    await closeStore(store);
  });

  it('refuses a database without the schema, with what to do', async () => {
    await using test = await openTestStore();
    const bare = openStore(`${test.folder}/bare.sqlite`);
    await expect(assertSchemaCurrent(bare)).rejects.toThrow(/lacks 0001-town; run "tunna migrate"/);
    await closeStore(bare);
  });

  it('refuses a database of a newer version and leaves it alone', async () => {
    await using test = await openTestStore();
    await sql`insert into kysely_migration (name, timestamp) values ('9999-future', '')`.execute(
      test.store.db,
    );
    await expect(migrate(test.store, 0)).rejects.toThrow(/newer Tunna \(step 9999-future\)/);
    await expect(assertSchemaCurrent(test.store)).rejects.toThrow(/newer Tunna/);
  });

  it('undoes a step that fails in its middle, and does it whole the next time', async () => {
    await using test = await openTestStore();
    const store = openStore(`${test.folder}/half.sqlite`);
    // One of the last tables of the step is in its way, as if something else had made it.
    await sql`create table leases (surprise text)`.execute(store.db);
    await expect(migrate(store, 0)).rejects.toThrow(/0001-town failed; the database is as it was/);
    expect((await store.db.introspection.getTables()).map(({ name }) => name)).toEqual(['leases']);
    await sql`drop table leases`.execute(store.db);
    expect(await migrate(store, 1)).toMatchObject({ applied: ['0001-town'] });
    await assertSchemaCurrent(store);
    await closeStore(store);
  });

  it('copies a database that holds something before it changes it', async () => {
    await using test = await openTestStore();
    // A database from before the last step: its tables are there, its mark is not.
    await sql`delete from kysely_migration`.execute(test.store.db);
    await sql`insert into kysely_migration (name, timestamp) values ('0000-older', '')`.execute(
      test.store.db,
    );
    await expect(migrate(test.store, 0)).rejects.toThrow();
    await sql`delete from kysely_migration`.execute(test.store.db);
    await expect(migrate(test.store, 0)).rejects.toThrow(
      /0001-town failed; the database is as it was/,
    );
    expect(existsSync(`${test.folder}/backups`)).toBe(true);
  });
});

async function migrateInProcess(file: string): Promise<void> {
  const code = `
    import { openStore } from '${new URL('./database.ts', import.meta.url).href}';
    import { migrate } from '${new URL('./migrate.ts', import.meta.url).href}';
    await migrate(openStore(process.argv[1]), 0);`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code, file]);
}
