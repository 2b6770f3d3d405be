import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { Kysely, sql, SqliteDialect } from 'kysely';
import type { Db, Store, Trx } from '../../store/database.ts';
import { readTally } from '../../store/tally.ts';
import type { Manifest } from './manifest.ts';
import { dumpPostgres } from './postgres-tools.ts';

/** A copy of the database in a backup, and what it holds. */
export interface DatabaseCopy extends DatabaseContent {
  readonly kind: Manifest['database']['kind'];
  /** Name in the backup. */
  readonly file: string;
}

/** What can be counted in a database, to be found again in its copy. */
export interface DatabaseContent {
  readonly migrations: string[];
  readonly uplinks: number;
  readonly readings: number;
  readonly tally: Record<string, number>;
  /** How far each journal has been stored, by the journal's id. */
  readonly cursors: ReadonlyMap<string, number>;
  /** Messages taken off all journals. */
  readonly taken: number;
}

/** Copies the database, as one moment shows it, into the folder of a backup. */
export async function saveDatabase(store: Store, folder: string): Promise<DatabaseCopy> {
  if (store.kind === 'postgres') return savePostgres(store, folder);
  const file = 'tunna.sqlite';
  copySqlite(store.file, path.join(folder, file));
  return { kind: 'sqlite', file, ...(await describeSqlite(path.join(folder, file))) };
}

/** Copies a SQLite file as one moment shows it, while others write to it. */
export function copySqlite(from: string, to: string): void {
  const database = new Sqlite(from, { readonly: true, fileMustExist: true });
  try {
    database.prepare('vacuum into ?').run(to);
  } finally {
    database.close();
  }
}

/** What a SQLite copy holds, which is not changed by looking. */
export async function describeSqlite(file: string): Promise<DatabaseContent> {
  const database = new Sqlite(file, { readonly: true, fileMustExist: true });
  const db: Db = new Kysely({ dialect: new SqliteDialect({ database }) });
  try {
    return await describeDatabase(db);
  } finally {
    await db.destroy();
  }
}

/** `pg_dump` sees the moment of a snapshot, and so do the counts, which are taken in the transaction that exports it. */
async function savePostgres(
  store: Extract<Store, { kind: 'postgres' }>,
  folder: string,
): Promise<DatabaseCopy> {
  const file = 'tunna.pgdump';
  return store.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      const exported = sql<{ id: string }>`select pg_export_snapshot() as id`;
      const snapshot = (await exported.execute(trx)).rows[0]?.id ?? '';
      await dumpPostgres(store.url, path.join(folder, file), snapshot);
      return { kind: 'postgres', file, ...(await describeDatabase(trx)) };
    });
}

export async function describeDatabase(db: Db | Trx): Promise<DatabaseContent> {
  const migrations = await sql<{
    name: string;
  }>`select name from kysely_migration order by name`.execute(db);
  const tally = await readTally(db);
  const cursors = await db.selectFrom('cursors').select(['journal', 'seq', 'taken']).execute();
  return {
    migrations: migrations.rows.map(({ name }) => name),
    uplinks: await countRows(db, 'uplinks'),
    readings: await countRows(db, 'readings'),
    tally: Object.fromEntries(
      tally.map(({ outcome, reason, count }) => [
        reason === '' ? outcome : `${outcome}: ${reason}`,
        count,
      ]),
    ),
    cursors: new Map(cursors.map(({ journal, seq }) => [journal, seq])),
    taken: cursors.reduce((sum, { taken }) => sum + taken, 0),
  };
}

async function countRows(db: Db | Trx, table: 'uplinks' | 'readings'): Promise<number> {
  const row = await db
    .selectFrom(table)
    .select((eb) => eb.fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
