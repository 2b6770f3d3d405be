export interface LineWatchOptions {
  /** Asks the server for something small. Rejects when it cannot be had. */
  ask(signal: AbortSignal): Promise<unknown>;
  onAlive(): void;
  onDead(): void;
}

/** The server writes every 15 s, but browsers keep its heartbeats to themselves; this long nothing at all is odd. */
const QUIET_MS = 30_000;
/** An answer that takes longer than this is none. */
const ANSWER_WITHIN_MS = 10_000;

/**
 * Tells a quiet town from a dead line. A stream whose network has gone without a word, as in a tunnel, stays open for
 * minutes and says nothing; so after a while of silence the server is asked.
 */
export class LineWatch {
  readonly #options: LineWatchOptions;
  #quietTimer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;

  constructor(options: LineWatchOptions) {
    this.#options = options;
  }

  /** Begins to watch, or begins anew because something was heard. */
  heard(): void {
    this.stop();
    this.#quietTimer = setTimeout(() => void this.#ask(), QUIET_MS);
  }

  stop(): void {
    clearTimeout(this.#quietTimer);
    this.#asking?.abort();
    this.#asking = undefined;
  }

  async #ask(): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    const isAlive = await this.#isAnswered(asking);
    // Something was heard meanwhile, or nobody wants to know any more.
    if (this.#asking !== asking) return;
    this.heard();
    if (isAlive) this.#options.onAlive();
    else this.#options.onDead();
  }

  async #isAnswered(asking: AbortController): Promise<boolean> {
    const deadline = setTimeout(() => asking.abort(), ANSWER_WITHIN_MS);
    try {
      await this.#options.ask(asking.signal);
      return true;
    } catch {
      return false;
    } finally {
      clearTimeout(deadline);
    }
  }
}
