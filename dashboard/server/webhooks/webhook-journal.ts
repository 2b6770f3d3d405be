import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { JournalError } from '../../../journal/journal-writer.ts';
import type { JournalWriter } from '../../../journal/journal-writer.ts';
import type { JournalEntry } from '../../../journal/record.ts';
import { pruneStored } from '../../../journal/prune-stored.ts';
import { openJournalWriter } from '../../../journal/writer.ts';
import { readCursor } from '../../../store/cursors.ts';
import type { Store } from '../../../store/database.ts';

/** Name of the door, and so of its journal. */
const DOOR = 'webhooks';

/** A journal that cannot be opened, such as one that another dashboard holds, is tried again after this. */
const RETRY_MS = 5_000;

/** The page does not wait longer than this for the door. */
const START_WITHIN_MS = 2_000;

const PRUNE_EVERY_MS = 60_000;

export interface WebhookJournalOptions {
  readonly store: Store;
  /** Folder of the journals. */
  readonly folder: string;
  readonly log: Logger;
}

/**
 * The journal of the webhooks. The page needs no journal, so one that cannot be opened keeps nobody from it: the door is
 * shut meanwhile. Of several dashboards on one data folder, one has the door; another takes it over when that one ends.
 */
export class WebhookJournal {
  readonly #options: WebhookJournalOptions;
  readonly #stopping = new AbortController();
  #writer: JournalWriter | undefined;
  #running: Promise<void> | undefined;

  constructor(options: WebhookJournalOptions) {
    this.#options = options;
  }

  /** Resolves when the journal is open, or will not be soon; it is tried on and on. */
  async start(): Promise<void> {
    const { signal } = this.#stopping;
    const opened = Promise.withResolvers<void>();
    this.#running = this.#run(signal, opened.resolve);
    const inTime = new AbortController();
    const late = delay(START_WITHIN_MS, undefined, { signal: inTime.signal }).catch(() => {});
    await Promise.race([opened.promise, late]);
    inTime.abort();
  }

  /** Commits what was appended, then lets go of the door. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** Resolves when the entry is on disk. Rejects with a {@link JournalError}: it may then not be acknowledged. */
  append(entry: JournalEntry): Promise<void> {
    return (
      this.#writer?.append(entry) ??
      Promise.reject(new JournalError('CLOSED', 'The journal of the webhooks is not open'))
    );
  }

  async #run(signal: AbortSignal, tried: () => void): Promise<void> {
    const writer = await this.#open(signal, tried);
    if (writer === undefined) return;
    this.#writer = writer;
    tried();
    while (!signal.aborted) {
      await delay(PRUNE_EVERY_MS, undefined, { signal }).catch(() => {});
      if (!signal.aborted) await this.#prune(writer);
    }
    await writer.close();
  }

  /** `undefined` when it is to stop before that has succeeded. */
  async #open(signal: AbortSignal, tried: () => void): Promise<JournalWriter | undefined> {
    const { store, folder, log } = this.#options;
    const storedThrough = (id: string): Promise<number> => readCursor(store, id);
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        return await openJournalWriter({ folder, door: DOOR, log, storedThrough });
      } catch (error) {
        // Once: another dashboard may hold the door for months.
        if (failures === 0) log.warn({ err: error }, 'Webhooks are not taken for now');
        tried();
        await delay(RETRY_MS, undefined, { signal }).catch(() => {});
      }
    }
    return undefined;
  }

  async #prune(writer: JournalWriter): Promise<void> {
    const { store, log } = this.#options;
    try {
      await pruneStored(writer, (id) => readCursor(store, id));
    } catch (error) {
      log.warn({ err: error }, 'The journal of the webhooks could not be pruned');
    }
  }
}
