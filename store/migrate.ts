import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { MigrationProvider } from 'kysely/migration';
import type { Store } from './database.ts';
import { COLUMN_KINDS } from './migrations/column-kinds.ts';
import { MIGRATIONS } from './migrations/list.ts';

export interface MigrateResult {
  /** Names of the steps that ran now, in order. */
  readonly applied: readonly string[];
  /** Copy of the database from before, when there was something to lose (SQLite only). */
  readonly backupFile: string | undefined;
}

/** The schema is not the one this version needs; the message says what to do. */
export class SchemaMismatch extends Error {
  override readonly name = 'SchemaMismatch';
}

/** Another process's migration may take this long before we give up waiting for it. */
const LOCK_TIMEOUT_MS = 60_000;

/**
 * Brings the schema up to date, under a lock and in one transaction, after copying a SQLite database that already holds
 * something to `backups/` beside it. Throws with the step's name and cause when a step fails; nothing is changed then.
 */
export async function migrate(store: Store, nowMs: number): Promise<MigrateResult> {
  if ((await findPendingMigrations(store)).length === 0) return NOTHING_DONE;
  using _lock = lockFile(store);
  // Another process may have done it while we waited for the lock.
  if ((await findPendingMigrations(store)).length === 0) return NOTHING_DONE;
  const backupFile = await backUp(store, nowMs);
  const { error, results } = await createMigrator(store).migrateToLatest();
  if (error !== undefined) {
    const failed =
      results?.find((result) => result.status === 'Error')?.migrationName ?? 'migration';
    throw new Error(`The step ${failed} failed; the database is as it was`, { cause: error });
  }
  return { applied: (results ?? []).map((result) => result.migrationName), backupFile };
}

const NOTHING_DONE: MigrateResult = { applied: [], backupFile: undefined };

/** Kysely locks PostgreSQL by itself, SQLite not. A lock that SQLite holds ends with its process, however that ends. */
function lockFile(store: Store): Disposable {
  if (store.kind !== 'sqlite') return { [Symbol.dispose]: () => {} };
  const lock = new Sqlite(`${store.file}.migrating`, { timeout: LOCK_TIMEOUT_MS });
  lock.exec('begin exclusive');
  return { [Symbol.dispose]: () => lock.close() };
}

/** Names of the steps this database lacks. Throws a {@link SchemaMismatch} when it has steps that this version does not know. */
export async function findPendingMigrations(store: Store): Promise<string[]> {
  const applied = await readAppliedMigrations(store);
  const unknown = applied.find((name) => !(name in MIGRATIONS));
  if (unknown !== undefined) {
    throw new SchemaMismatch(
      `The database was migrated by a newer Tunna (step ${unknown}); install that version`,
    );
  }
  return Object.keys(MIGRATIONS).filter((name) => !applied.includes(name));
}

/** Throws a {@link SchemaMismatch} when the schema is not the one this version needs. */
export async function assertSchemaCurrent(store: Store): Promise<void> {
  const pending = await findPendingMigrations(store);
  if (pending.length > 0) {
    throw new SchemaMismatch(`The database lacks ${pending.join(', ')}; run "tunna migrate" first`);
  }
}

async function readAppliedMigrations(store: Store): Promise<string[]> {
  const tables = await store.db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === 'kysely_migration')) return [];
  // Not through the migrator: it refuses to list a database that a newer version has migrated.
  const { rows } = await sql<{
    name: string;
  }>`select name from kysely_migration order by name`.execute(store.db);
  return rows.map((row) => row.name);
}

function createMigrator(store: Store): Migrator {
  const kinds = COLUMN_KINDS[store.kind];
  const provider: MigrationProvider = {
    getMigrations: () =>
      Promise.resolve(
        Object.fromEntries(
          Object.entries(MIGRATIONS).map(([name, step]) => [name, { up: (db) => step(db, kinds) }]),
        ),
      ),
  };
  return new Migrator({ db: store.db, provider });
}

async function backUp(store: Store, nowMs: number): Promise<string | undefined> {
  if (store.kind !== 'sqlite') return undefined;
  if ((await store.db.introspection.getTables()).length === 0) return undefined;
  const folder = join(dirname(store.file), 'backups');
  mkdirSync(folder, { recursive: true });
  const stamp = new Date(nowMs).toISOString().replaceAll(':', '-');
  const file = join(folder, `${basename(store.file, '.sqlite')}-${stamp}.sqlite`);
  // It gets its name when it is whole: whoever restores a copy must not find half of one.
  const draft = `${file}${DRAFT}`;
  try {
    removeDrafts(folder);
    store.sqlite.prepare('vacuum into ?').run(draft);
    // SQLite does not wait for the disk here, and what follows changes the only other copy.
    flush(draft);
    renameSync(draft, file);
    flush(folder);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new Error(`No copy of the database could be made in ${folder}`, { cause: error });
  }
  return file;
}

const DRAFT = '.part';

/** What a migration has left that was killed meanwhile. The lock says that no other is at work. */
function removeDrafts(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.endsWith(DRAFT)) rmSync(join(folder, name));
  }
}

function flush(target: string): void {
  const handle = openSync(target, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
