import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { followChanges } from '../../../store/change-feed.ts';
import { newestChange } from '../../../store/changes.ts';
import type { Change } from '../../../store/changes.ts';
import type { Store } from '../../../store/database.ts';
import type { ChangeSpan, MissedBins } from '../../../store/views/missed-bins.ts';
import { listFate, PendingBins } from './pending-bins.ts';

export interface ChangeCollectorOptions {
  readonly store: Store;
  readonly log: Logger;
  /** Time between two tellings at least, ms. */
  readonly gapMs: number;
  /** Prepares the telling; `undefined` when nobody listens. */
  readonly tell: (missed: MissedBins, span: ChangeSpan) => Promise<() => void> | undefined;
}

const RETRY_MS = 1_000;

/**
 * Follows the changes and tells of them: of the first after a quiet time at once, of what comes within `gapMs` after
 * that together. `tell` prepares, and what it returns is called in the same breath in which the number moves on, so
 * that a client is always exactly at {@link toldSeq}.
 */
export class ChangeCollector {
  readonly #options: ChangeCollectorOptions;
  readonly #pending = new PendingBins();
  readonly #stopping = new AbortController();
  #seenSeq = 0;
  #toldSeq: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #telling: Promise<void> | undefined;
  #lastToldMs = Number.NEGATIVE_INFINITY;
  #following: Promise<void> | undefined;

  constructor(options: ChangeCollectorOptions) {
    this.#options = options;
  }

  /** Everything up to this change has been told; `undefined` until the database has answered once. */
  get toldSeq(): number | undefined {
    return this.#toldSeq;
  }

  start(): void {
    this.#following = this.#follow(this.#stopping.signal);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await Promise.all([this.#following, this.#telling]);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { store, log } = this.#options;
    const onError = (error: unknown): void => {
      log.error({ err: error }, 'The changes could not be read');
    };
    while (!signal.aborted) {
      try {
        if (this.#toldSeq === undefined) {
          this.#seenSeq = await newestChange(store);
          this.#toldSeq = this.#seenSeq;
        }
        const onChanges = (changes: readonly Change[]): void => this.#collect(changes);
        await followChanges(store, { afterSeq: this.#seenSeq, onChanges, onError, signal });
      } catch (error) {
        if (signal.aborted) return;
        onError(error);
        await delay(RETRY_MS, undefined, { signal }).catch(() => {});
      }
    }
  }

  #collect(changes: readonly Change[]): void {
    this.#pending.add(changes);
    this.#seenSeq = changes.at(-1)?.seq ?? this.#seenSeq;
    if (!this.#pending.isEmpty) this.#schedule();
    else if (this.#telling === undefined) this.#toldSeq = this.#seenSeq;
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#telling !== undefined) return;
    if (this.#stopping.signal.aborted) return;
    const waitMs = Math.max(0, this.#lastToldMs + this.#options.gapMs - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#telling = this.#tell().finally(() => {
        this.#telling = undefined;
        if (!this.#pending.isEmpty) this.#schedule();
      });
    }, waitMs);
  }

  async #tell(): Promise<void> {
    const span = { afterSeq: this.#toldSeq ?? 0, toSeq: this.#seenSeq };
    const taken = this.#pending.take();
    try {
      const changedIds = listFate(taken, 'bin');
      const removedIds = listFate(taken, 'bin-removed');
      const preparing = this.#options.tell({ changedIds, removedIds }, span);
      // Not awaited when nobody listens: somebody could begin to before the number moves on.
      const send = preparing === undefined ? undefined : await preparing;
      this.#toldSeq = span.toSeq;
      if (send === undefined) return;
      send();
      this.#lastToldMs = performance.now();
    } catch (error) {
      this.#lastToldMs = performance.now();
      this.#pending.putBack(taken);
      this.#options.log.error({ err: error }, 'Changed bins could not be read');
    }
  }
}
