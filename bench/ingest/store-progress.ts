import { setTimeout as wait } from 'node:timers/promises';
import type { Store } from '../../store/database.ts';
import { readTally } from '../../store/tally.ts';

const POLL_MS = 5;

/** Follows how many messages the store has taken, so as to know afterwards when each was. */
export class StoreProgress {
  readonly #store: Store;
  readonly #before: number;
  readonly #steps: { readonly count: number; readonly atMs: number }[] = [];
  readonly #watching: Promise<void>;
  #isStopping = false;

  /** `before`: messages that were there at the start. */
  constructor(store: Store, before: number) {
    this.#store = store;
    this.#before = before;
    this.#watching = this.#watch();
  }

  /**
   * Ends it. Given when each message was published, in order, returns how long each took to its store: they are stored in about the
   * order in which they were published, and counted every few milliseconds.
   */
  async stop(sentMs: readonly number[]): Promise<number[]> {
    this.#isStopping = true;
    await this.#watching;
    let step = 0;
    return sentMs.flatMap((sent, index) => {
      while ((this.#steps[step]?.count ?? Number.POSITIVE_INFINITY) <= index) step += 1;
      const stored = this.#steps[step];
      return stored === undefined ? [] : [stored.atMs - sent];
    });
  }

  async #watch(): Promise<void> {
    for (let isLast = false; !isLast;) {
      isLast = this.#isStopping;
      const tally = await readTally(this.#store.db);
      const count = tally.reduce((sum, entry) => sum + entry.count, 0) - this.#before;
      const atMs = performance.now();
      if (count > (this.#steps.at(-1)?.count ?? 0)) this.#steps.push({ count, atMs });
      await wait(POLL_MS);
    }
  }
}
