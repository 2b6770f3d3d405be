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

export interface StoreOptions {
  /** Readings also go to InfluxDB: whoever writes one puts it in the outbox. */
  readonly feedsInflux?: boolean;
  /** In whose name the audit has what is changed; `tunna` when left out. */
  readonly actor?: string;
}

interface StoreBase {
  readonly db: Db;
  readonly feedsInflux: boolean;
  readonly actor?: string;
}

/** The SQL database, whichever it is. `sqlite` and `pool` are there for what SQL itself cannot say. */
export type Store =
  | (StoreBase & {
      readonly kind: 'sqlite';
      readonly sqlite: Sqlite.Database;
      readonly file: string;
    })
  | (StoreBase & { readonly kind: 'postgres'; readonly pool: pg.Pool; readonly url: string });

type SqliteParts = Omit<Extract<Store, { kind: 'sqlite' }>, 'feedsInflux' | 'actor'>;
type PostgresParts = Omit<Extract<Store, { kind: 'postgres' }>, 'feedsInflux' | 'actor'>;

/** PostgreSQL type of 64-bit integers: our ids and times all fit a double exactly. */
const INT8_OID = 20;

/**
 * Opens the SQL database: a PostgreSQL URL (`postgres://...`), or else the path of a SQLite file, created when absent.
 * Throws with the cause when it cannot be opened. Close it with {@link closeStore}.
 */
export function openStore(location: string, options: StoreOptions = {}): Store {
  const { feedsInflux = false, actor = DEFAULT_ACTOR } = options;
  return /^postgres(ql)?:/.test(location)
    ? { ...openPostgres(location), feedsInflux, actor }
    : { ...openSqlite(location), feedsInflux, actor };
}

/** The parts of Tunna, by themselves. */
const DEFAULT_ACTOR = 'tunna';

/** The same database, with its changes in the name of somebody. */
export function actingAs(store: Store, actor: string): Store {
  return { ...store, actor };
}

export async function closeStore(store: Store): Promise<void> {
  await store.db.destroy();
}

function openSqlite(file: string): SqliteParts {
  mkdirSync(dirname(file), { recursive: true });
  const sqlite = openSqliteFile(file);
  const db = new Kysely<Database>({ dialect: new ImmediateSqliteDialect({ database: sqlite }) });
  return { kind: 'sqlite', db, sqlite, file };
}

function openPostgres(url: string): PostgresParts {
  const pool = new pg.Pool({
    connectionString: url,
    max: 8,
    connectionTimeoutMillis: 10_000,
    types: {
      getTypeParser: (oid, format) =>
        oid === INT8_OID ? (text: string) => Number(text) : pg.types.getTypeParser(oid, format),
    },
  });
  // A connection that breaks is replaced by the pool, and fails whoever uses it; without listeners it would also end the
  // process, whether it is idle (the pool's event) or carries a transaction (its own).
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  return { kind: 'postgres', db, pool, url };
}
