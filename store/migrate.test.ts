import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { describe, expect, it } from 'vitest';
import { listBins } from './bins.ts';
import { openStore, closeStore } from './database.ts';
import type { Store } from './database.ts';
import { assertSchemaCurrent, findPendingMigrations, migrate } from './migrate.ts';
import { createTown } from './migrations/0001-town.ts';
import { COLUMN_KINDS } from './migrations/column-kinds.ts';
import { MIGRATIONS } from './migrations/list.ts';
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
    await expect(assertSchemaCurrent(bare)).rejects.toThrow(
      `lacks ${Object.keys(MIGRATIONS).join(', ')}; run "tunna migrate"`,
    );
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
    expect(await migrate(store, 1)).toMatchObject({ applied: Object.keys(MIGRATIONS) });
    await assertSchemaCurrent(store);
    await closeStore(store);
  });

  it('copies a database that holds something before it changes it, and keeps what is in it', async () => {
    await using test = await openTestStore();
    const store = openStore(`${test.folder}/older.sqlite`);
    await migrateFirstStep(store);
    await sql`insert into bins (id, name, stream, lat, lng, threshold_percent)
      values ('bin-1', 'Ett', 'food', 59, 17, 70)`.execute(store.db);
    // Half a copy, as a migration leaves it that is killed.
    mkdirSync(`${test.folder}/backups`);
    writeFileSync(`${test.folder}/backups/older-2026-11-23.sqlite.part`, 'half');
    const { applied, backupFile } = await migrate(store, Date.UTC(2026, 10, 24));
    expect(applied).toEqual(Object.keys(MIGRATIONS).slice(1));
    expect(readdirSync(`${test.folder}/backups`)).toEqual([basename(backupFile ?? '')]);
    expect(backupFile).toBe(`${test.folder}/backups/older-2026-11-24T00-00-00.000Z.sqlite`);
    expect((await listBins(store)).map(({ id }) => id)).toEqual(['bin-1']);
    await closeStore(store);
    const copy = openStore(backupFile ?? '');
    expect((await listBins(copy)).map(({ id }) => id)).toEqual(['bin-1']);
    expect(await findPendingMigrations(copy)).toEqual(applied);
    await closeStore(copy);
  });
});

/** A database as the oldest version left it. */
async function migrateFirstStep({ db }: Store): Promise<void> {
  const up = (step: Kysely<unknown>) => createTown(step, COLUMN_KINDS.sqlite);
  const provider = { getMigrations: () => Promise.resolve({ '0001-town': { up } }) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) throw error;
}

async function migrateInProcess(file: string): Promise<void> {
  const code = `
    import { openStore } from '${new URL('./database.ts', import.meta.url).href}';
    import { migrate } from '${new URL('./migrate.ts', import.meta.url).href}';
    await migrate(openStore(process.argv[1]), 0);`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code, file]);
}
