import type { Logger } from 'pino';
import { findJournals } from '../../journal/find-journals.ts';
import { readJournalEnds } from '../../journal/reader.ts';
import type { JournalEnds } from '../../journal/reader.ts';
import { readAccounts } from '../../store/accounts.ts';
import type { Accounts } from '../../store/accounts.ts';
import type { Store } from '../../store/database.ts';

/** Anybody may ask for metrics, and each look opens every journal. */
const KEEP_MS = 1_000;

/** Draws up the books of journals and database, once a second at most. */
export class AccountsCache {
  readonly #store: Store;
  readonly #journalFolder: string;
  readonly #log: Logger;
  #accounts: Promise<Accounts> | undefined;
  #drawnUpAtMs = 0;

  constructor(options: {
    readonly store: Store;
    readonly journalFolder: string;
    readonly log: Logger;
  }) {
    this.#store = options.store;
    this.#journalFolder = options.journalFolder;
    this.#log = options.log;
  }

  read(): Promise<Accounts> {
    const nowMs = performance.now();
    if (this.#accounts !== undefined && nowMs - this.#drawnUpAtMs < KEEP_MS) return this.#accounts;
    const fresh = readAccounts(this.#store.db, this.#readJournals());
    this.#accounts = fresh;
    this.#drawnUpAtMs = nowMs;
    fresh.catch(() => {
      if (this.#accounts === fresh) this.#accounts = undefined;
    });
    return fresh;
  }

  #readJournals(): JournalEnds[] {
    return findJournals(this.#journalFolder).flatMap((file) => {
      try {
        return [readJournalEnds(file)];
      } catch (error) {
        // One that is being made, or so damaged that only what ingest has read of it counts.
        this.#log.warn({ err: error, file }, 'A journal could not be read for the metrics');
        return [];
      }
    });
  }
}
