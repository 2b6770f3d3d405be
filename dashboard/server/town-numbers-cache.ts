import type { Store } from '../../store/database.ts';
import { readTownNumbers } from '../../store/views/stats.ts';
import type { TownNumbers } from '../../store/views/stats.ts';

const MIN_KEEP_MS = 2_000;

/** Counting takes at most this share of the time: an answer that took long is kept longer. */
const MAX_SHARE_OF_TIME = 0.02;

/** Counts the town's readings, devices and messages every two seconds at most, and less often where it is slow. */
export class TownNumbersCache {
  readonly #store: Store;
  readonly #now: () => number;
  #numbers: Promise<TownNumbers> | undefined;
  #countedAtMs = 0;
  #keepMs = 0;

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  read(): Promise<TownNumbers> {
    const nowMs = this.#now();
    const ageMs = nowMs - this.#countedAtMs;
    if (this.#numbers !== undefined && ageMs >= 0 && ageMs < this.#keepMs) return this.#numbers;
    const fresh = this.#count(nowMs);
    this.#numbers = fresh;
    this.#countedAtMs = nowMs;
    this.#keepMs = MIN_KEEP_MS;
    fresh.catch(() => {
      if (this.#numbers === fresh) this.#numbers = undefined;
    });
    return fresh;
  }

  async #count(nowMs: number): Promise<TownNumbers> {
    const startMs = performance.now();
    const numbers = await readTownNumbers(this.#store, nowMs);
    const tookMs = performance.now() - startMs;
    this.#keepMs = Math.max(MIN_KEEP_MS, tookMs / MAX_SHARE_OF_TIME);
    return numbers;
  }
}
