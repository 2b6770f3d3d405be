import type { BinList, BinSummary } from '../../api/bins.ts';
import type { TownStore } from '../state/town-store.ts';
import { EventFeed } from './event-feed.ts';
import { LineWatch } from './line-watch.ts';
import type { TownApi } from './town-api.ts';

export interface TownSyncOptions {
  readonly api: TownApi;
  readonly store: TownStore;
  readonly eventsUrl: string;
  /** Told of every change number, so that a test can see how far the page has come. */
  readonly onChangeNumber: (changeNumber: string) => void;
}

/** Events that come close together become one drawing. */
const COALESCE_MS = 200;
const RETRY_LOAD_MS = 5000;

/** Keeps the store in step with the server: loads all bins, then follows the stream. */
export class TownSync {
  readonly #options: TownSyncOptions;
  readonly #feed: EventFeed;
  readonly #watch: LineWatch;
  readonly #changed = new Map<string, BinSummary>();
  readonly #removed = new Set<string>();
  #loading: AbortController | undefined;
  #flushTimer: ReturnType<typeof setTimeout> | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: TownSyncOptions) {
    this.#options = options;
    const { store } = options;
    this.#feed = new EventFeed(options.eventsUrl, {
      onHello: (hello, isFresh) => {
        this.#watch.heard();
        store.hear(Date.parse(hello.serverTime));
        store.setConnection('live');
        if (isFresh) void this.load();
      },
      onBins: ({ bins }) => {
        this.#watch.heard();
        for (const bin of bins) {
          this.#changed.set(bin.id, bin);
          this.#removed.delete(bin.id);
        }
        this.#flushSoon();
      },
      onRemoved: ({ ids }) => {
        for (const id of ids) {
          this.#removed.add(id);
          this.#changed.delete(id);
        }
        this.#flushSoon();
      },
      onReset: () => void this.load(),
      onLost: () => {
        // The line was good until now, even if nothing had to be said for a while.
        if (store.connection.peek() === 'live') store.hear(null);
        store.setConnection('offline');
        if (store.phase.peek() === 'loading' && !this.#loading) void this.load();
      },
      onChangeNumber: options.onChangeNumber,
    });
    this.#watch = new LineWatch({
      ask: (signal) => options.api.fetchPageSettings(signal),
      onAlive: () => {
        if (store.connection.peek() === 'live') store.hear(null);
        // A server that answers while its stream does not: the stream hangs on a line that is no more.
        else this.#feed.renew();
      },
      onDead: () => {
        // Since when is not known, so the last word stays the last.
        store.setConnection('offline');
        this.#feed.renew();
      },
    });
  }

  start(): void {
    this.#watch.heard();
    this.#feed.start();
  }

  stop(): void {
    this.#watch.stop();
    this.#feed.stop();
    this.#loading?.abort();
    clearTimeout(this.#flushTimer);
    clearTimeout(this.#retryTimer);
  }

  /**
   * Loads every bin anew. What the stream says meanwhile is put on top afterwards: it is newer, or what makes it newer
   * is still to be heard.
   */
  async load(): Promise<void> {
    const { api, store } = this.#options;
    clearTimeout(this.#retryTimer);
    this.#loading?.abort();
    // What was heard until now is part of the answer to come; on top of that it would be old.
    this.#apply();
    const loading = new AbortController();
    this.#loading = loading;
    let list: BinList;
    try {
      list = await api.fetchBins(loading.signal);
    } catch {
      // Superseded by a newer load; otherwise shown as a state of the page, and tried again.
      if (loading.signal.aborted) return;
      this.#loading = undefined;
      if (store.phase.peek() !== 'ready') store.setPhase('failed');
      this.#flush();
      this.#retryTimer = setTimeout(() => void this.load(), RETRY_LOAD_MS);
      return;
    }
    this.#loading = undefined;
    store.replaceAll(list.bins);
    store.hear(null);
    store.setPhase('ready');
    this.#flush();
  }

  #flushSoon(): void {
    this.#flushTimer ??= setTimeout(() => this.#flush(), COALESCE_MS);
  }

  #flush(): void {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    if (!this.#loading) this.#apply();
  }

  /** Puts what was heard into the store. Before the first load it is dropped: some bins must not pass for the town. */
  #apply(): void {
    const { store } = this.#options;
    const hasNews = this.#changed.size > 0 || this.#removed.size > 0;
    if (hasNews && store.phase.peek() === 'ready') {
      store.change([...this.#changed.values()], [...this.#removed]);
      store.hear(null);
    }
    this.#changed.clear();
    this.#removed.clear();
  }
}
