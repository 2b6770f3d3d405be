/** Addresses remembered; beyond them the longest known is forgotten. */
const MAX_ADDRESSES = 10_000;

const WINDOW_MS = 60_000;

/** Counts failed attempts to log in per address. Where there are many, further failures are to be answered late. */
export class FailureThrottle {
  readonly #failuresPerMinute: number;
  readonly #now: () => number;
  readonly #failures = new Map<string, { count: number; untilMs: number }>();

  constructor(failuresPerMinute: number, now: () => number) {
    this.#failuresPerMinute = failuresPerMinute;
    this.#now = now;
  }

  isThrottled(address: string): boolean {
    const entry = this.#failures.get(address);
    if (entry === undefined || entry.untilMs <= this.#now()) return false;
    return entry.count >= this.#failuresPerMinute;
  }

  noteFailure(address: string): void {
    const nowMs = this.#now();
    const known = this.#failures.get(address);
    const entry =
      known !== undefined && known.untilMs > nowMs
        ? known
        : { count: 0, untilMs: nowMs + WINDOW_MS };
    entry.count += 1;
    this.#failures.delete(address);
    this.#failures.set(address, entry);
    if (this.#failures.size <= MAX_ADDRESSES) return;
    const [oldest] = this.#failures.keys();
    if (oldest !== undefined) this.#failures.delete(oldest);
  }
}
