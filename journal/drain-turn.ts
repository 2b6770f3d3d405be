import Sqlite from 'better-sqlite3';

/**
 * A journal is read by one process at a time. Whoever holds the turn may read the cursor, store what follows and move it; the lock
 * is the kernel's, so that a killed process gives it back.
 */
export class DrainTurn implements Disposable {
  readonly #lock: Sqlite.Database;

  /** Of the journal with this path. Throws when the folder cannot be written to. */
  constructor(file: string) {
    this.#lock = new Sqlite(file.replace(/\.sqlite$/, '.drain.lock.sqlite'), { timeout: 0 });
  }

  /** Takes the turn until the result is disposed of; `undefined` when another process has it. */
  take(): Disposable | undefined {
    try {
      this.#lock.exec('begin exclusive');
    } catch (error) {
      if (error instanceof Sqlite.SqliteError && error.code === 'SQLITE_BUSY') return undefined;
      throw error;
    }
    return { [Symbol.dispose]: () => void this.#lock.exec('rollback') };
  }

  [Symbol.dispose](): void {
    this.#lock.close();
  }
}
