import type { BinsEvent, HelloEvent, RemovedEvent } from '../../api/town.ts';

/** What the feed tells its owner. */
export interface FeedListener {
  /** A stream has begun. `isFresh`: it does not continue an earlier one, so changes may have been missed. */
  onHello(hello: HelloEvent, isFresh: boolean): void;
  onBins(event: BinsEvent): void;
  onRemoved(event: RemovedEvent): void;
  /** What was missed is too much to tell: load everything anew. */
  onReset(): void;
  onLost(): void;
  /** Number of the newest change seen. */
  onChangeNumber(changeNumber: string): void;
}

/** Waits between attempts when the browser itself has given up, ms; the last one repeats. */
const RETRY_DELAYS_MS = [1000, 2000, 5000, 10_000];

/** The live stream: one EventSource, renewed for as long as the page is open. */
export class EventFeed {
  readonly #url: string;
  readonly #listener: FeedListener;
  #source: EventSource | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #attempts = 0;

  constructor(url: string, listener: FeedListener) {
    this.#url = url;
    this.#listener = listener;
  }

  start(): void {
    addEventListener('online', this.renew);
    addEventListener('offline', this.#lose);
    this.renew();
  }

  stop(): void {
    removeEventListener('online', this.renew);
    removeEventListener('offline', this.#lose);
    this.#close();
  }

  /** A server on this computer or beside it can still be reached: asking it anew tells. */
  readonly #lose = (): void => {
    this.#listener.onLost();
    this.renew();
  };

  /** Gives the stream up, however it stands, and begins another. */
  readonly renew = (): void => {
    this.#close();
    const source = new EventSource(this.#url);
    this.#source = source;
    let isFresh = true;
    this.#on<HelloEvent>(source, 'hello', 'serverTime', (hello) => {
      this.#attempts = 0;
      this.#listener.onHello(hello, isFresh);
      // From here on the browser reconnects with Last-Event-ID, and the server sends what was missed.
      isFresh = false;
    });
    this.#on<BinsEvent>(source, 'bins', 'bins', (event) => this.#listener.onBins(event));
    this.#on<RemovedEvent>(source, 'removed', 'ids', (event) => this.#listener.onRemoved(event));
    source.addEventListener('reset', () => this.#listener.onReset());
    source.addEventListener('error', () => {
      this.#listener.onLost();
      if (source.readyState === EventSource.CLOSED) this.#retryLater();
    });
  };

  /** @param field what an event of this type has at least */
  #on<Data>(
    source: EventSource,
    type: string,
    field: keyof Data & string,
    handle: (data: Data) => void,
  ): void {
    source.addEventListener(type, (event: MessageEvent<string>) => {
      const data = readData<Data>(event.data, field);
      // What an unreadable event would have said can only be asked for.
      if (data === undefined) this.#listener.onReset();
      else handle(data);
      if (event.lastEventId !== '') this.#listener.onChangeNumber(event.lastEventId);
    });
  }

  /** The browser gives up for good when the answer is no stream at all, as from a proxy whose server is down. */
  #retryLater(): void {
    const last = RETRY_DELAYS_MS.length - 1;
    const delayMs = RETRY_DELAYS_MS[Math.min(this.#attempts, last)];
    this.#attempts += 1;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(this.renew, delayMs);
  }

  #close(): void {
    clearTimeout(this.#retryTimer);
    this.#source?.close();
    this.#source = undefined;
  }
}

/** Returns `undefined` for what the server does not write, but something on the way may. */
function readData<Data>(text: string, field: string): Data | undefined {
  try {
    const data: unknown = JSON.parse(text);
    if (typeof data !== 'object' || data === null || !(field in data)) return undefined;
    // Safe: the server writes its events by the schema this type is inferred from.
    return data as Data;
  } catch {
    return undefined;
  }
}
