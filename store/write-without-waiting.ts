import type { Store, Trx } from './database.ts';
import { BUSY_TIMEOUT_MS } from './sqlite-dialect.ts';

/**
 * Runs a transaction if nobody else is writing just now, and says whether it did. SQLite waits for another process's transaction with
 * our whole process; what can wait itself, and is done where others must not, comes back later instead. PostgreSQL waits by itself.
 */
export async function writeWithoutWaiting(
  store: Store,
  work: (trx: Trx) => Promise<void>,
): Promise<boolean> {
  if (store.kind === 'postgres') {
    await store.db.transaction().execute(work);
    return true;
  }
  const { sqlite } = store;
  // The connection is ours until the end: nobody else's query runs with this timeout.
  return store.db.connection().execute(async (connection) => {
    sqlite.pragma('busy_timeout = 0');
    try {
      await connection.transaction().execute(work);
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      throw error;
    } finally {
      sqlite.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
    }
  });
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY';
}
