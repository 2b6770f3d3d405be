/** `closed`: requests go out. `open`: the server is left alone. `half-open`: one small request tries whether it is back. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** Pauses after failures in a row: the first, doubling up to the last. At most one try a second, and back soon after a return. */
export const FIRST_PAUSE_MS = 1_000;
export const LAST_PAUSE_MS = 10_000;
/** Each pause is up to this much longer, so that many who lost one server do not all come back at once. */
const JITTER = 0.5;
/** A server may ask for longer pauses, up to this. */
const LONGEST_ASKED_MS = 10 * 60_000;

/** Decides when a server that failed is asked again. It opens with the first failure: the outbox loses nothing by waiting. */
export class CircuitBreaker {
  readonly #random: () => number;
  #failures = 0;
  #state: BreakerState = 'closed';

  /** @param random a number from 0 to 1 */
  constructor(random: () => number) {
    this.#random = random;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** The pause is over. */
  tryAgain(): void {
    if (this.#state === 'open') this.#state = 'half-open';
  }

  noteSuccess(): void {
    this.#failures = 0;
    this.#state = 'closed';
  }

  /** @returns how long to leave the server alone, in milliseconds: never less than it asks for */
  noteFailure(retryAfterMs = 0): number {
    this.#state = 'open';
    const doubled = FIRST_PAUSE_MS * 2 ** Math.min(this.#failures, 10);
    this.#failures += 1;
    const pauseMs = Math.min(doubled, LAST_PAUSE_MS) * (1 + JITTER * this.#random());
    return Math.max(pauseMs, Math.min(retryAfterMs, LONGEST_ASKED_MS));
  }
}
