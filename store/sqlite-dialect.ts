import Sqlite from 'better-sqlite3';
import { CompiledQuery, SqliteAdapter, SqliteDialect, SqliteDriver } from 'kysely';
import type { DatabaseConnection } from 'kysely';

/** WAL files written by older versions may be corrupted at a reset: fixed in this one (sqlite.org/wal.html, 2026-03-13). */
const OLDEST_SAFE_SQLITE = [3, 51, 3];

/** A writer waits this long for another process's transaction before it gives up. */
export const BUSY_TIMEOUT_MS = 5_000;

/**
 * Pages (of 4 KiB) in the WAL at which it is written back to the database file. A batch touches the same index pages as the
 * one before: written back only now and then, each is written once for many batches. SQLite's own default is 1000.
 */
const PAGES_PER_CHECKPOINT = 4_000;

/** A WAL that grew beyond that, because somebody was reading, is cut back at the next reset. */
const WAL_SIZE_LIMIT_BYTES = 32 * 1024 * 1024;

/** Opens a SQLite file with WAL and full durability. Throws when the library cannot promise either. */
export function openSqliteFile(file: string): Sqlite.Database {
  const database = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    assertSafeVersion(database);
    database.pragma('journal_mode = WAL');
    // better-sqlite3 is built with synchronous=NORMAL in WAL mode, which loses commits at a power cut.
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    database.pragma(`wal_autocheckpoint = ${PAGES_PER_CHECKPOINT}`);
    database.pragma(`journal_size_limit = ${WAL_SIZE_LIMIT_BYTES}`);
    if (database.pragma('synchronous', { simple: true }) !== 2) {
      throw new Error(`${file}: SQLite refused synchronous=FULL`);
    }
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function assertSafeVersion(database: Sqlite.Database): void {
  const version = String(database.prepare('select sqlite_version()').pluck().get());
  const parts = version.split('.').map(Number);
  for (const [index, oldest] of OLDEST_SAFE_SQLITE.entries()) {
    const part = parts[index] ?? 0;
    if (part > oldest) return;
    if (part < oldest) {
      throw new Error(
        `SQLite ${version} may corrupt its WAL; ${OLDEST_SAFE_SQLITE.join('.')} or newer is needed`,
      );
    }
  }
}

/** Takes the write lock when a transaction begins: one that reads first could not get it later (SQLITE_BUSY). */
class ImmediateSqliteDriver extends SqliteDriver {
  readonly #database: Sqlite.Database;

  constructor(config: { readonly database: Sqlite.Database }) {
    super(config);
    this.#database = config.database;
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  /** After some failures (a full disk) SQLite has rolled back by itself, and a second time would hide what was wrong. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection);
  }
}

/** Kysely would run migrations of SQLite outside of any transaction, though SQLite rolls its DDL back like all else. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

export class ImmediateSqliteDialect extends SqliteDialect {
  readonly #config: { readonly database: Sqlite.Database };

  constructor(config: { readonly database: Sqlite.Database }) {
    super(config);
    this.#config = config;
  }

  override createDriver(): SqliteDriver {
    return new ImmediateSqliteDriver(this.#config);
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter();
  }
}
