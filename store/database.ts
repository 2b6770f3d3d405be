import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type Sqlite from 'better-sqlite3';
import { Kysely, PostgresDialect } from 'kysely';
import type { Transaction } from 'kysely';
import pg from 'pg';
import type { Database } from './schema.ts';
import { ImmediateSqliteDialect, openSqliteFile } from './sqlite-dialect.ts';

export type Db = Kysely<Database>;
export type Trx = Transaction<Database>;

/** The SQL database, whichever it is. `sqlite` and `pool` are there for what SQL itself cannot say. */
export type Store =
  | {
      readonly kind: 'sqlite';
      readonly db: Db;
      readonly sqlite: Sqlite.Database;
      readonly file: string;
    }
  | { readonly kind: 'postgres'; readonly db: Db; readonly pool: pg.Pool; readonly url: string };

/** PostgreSQL type of 64-bit integers: our ids and times all fit a double exactly. */
const INT8_OID = 20;

/**
 * Opens the SQL database: a PostgreSQL URL (`postgres://...`), or else the path of a SQLite file, created when absent.
 * Throws with the cause when it cannot be opened. Close it with {@link closeStore}.
 */
export function openStore(location: string): Store {
  return /^postgres(ql)?:/.test(location) ? openPostgres(location) : openSqlite(location);
}

export async function closeStore(store: Store): Promise<void> {
  await store.db.destroy();
}

function openSqlite(file: string): Store {
  mkdirSync(dirname(file), { recursive: true });
  const sqlite = openSqliteFile(file);
  const db = new Kysely<Database>({ dialect: new ImmediateSqliteDialect({ database: sqlite }) });
  return { kind: 'sqlite', db, sqlite, file };
}

function openPostgres(url: string): Store {
  const pool = new pg.Pool({
    connectionString: url,
    max: 8,
    connectionTimeoutMillis: 10_000,
    types: {
      getTypeParser: (oid, format) =>
        oid === INT8_OID ? (text: string) => Number(text) : pg.types.getTypeParser(oid, format),
    },
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  return { kind: 'postgres', db, pool, url };
}
