/** Tokens come at a rate up to a burst. Who takes beyond them is told how long to wait; the debt is paid in order. */
export class TokenBucket {
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #atMs: number;

  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#perMs = perSecond / 1_000;
    this.#burst = burst;
    this.#tokens = burst;
    this.#atMs = nowMs;
  }

  /** Takes one token and returns how many milliseconds too early that was: 0 when there was one. */
  take(nowMs: number): number {
    this.#refill(nowMs);
    this.#tokens -= 1;
    return this.#tokens >= 0 ? 0 : -this.#tokens / this.#perMs;
  }

  /** Takes a token if there is one, and makes no debts. */
  tryTake(nowMs: number): boolean {
    this.#refill(nowMs);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** A full bucket remembers nothing: it can be forgotten. */
  isFull(nowMs: number): boolean {
    this.#refill(nowMs);
    return this.#tokens >= this.#burst;
  }

  #refill(nowMs: number): void {
    // A clock set back gives nothing and takes nothing.
    const passedMs = Math.max(0, nowMs - this.#atMs);
    this.#tokens = Math.min(this.#burst, this.#tokens + passedMs * this.#perMs);
    this.#atMs = nowMs;
  }
}

/** One bucket for each of many, such as devices; those that are full are forgotten from time to time. */
export class TokenBuckets {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #byKey = new Map<string, TokenBucket>();

  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
  }

  /** Not to be kept: {@link forgetFull} may replace it. */
  of(key: string, nowMs: number): TokenBucket {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const bucket = new TokenBucket(this.#perSecond, this.#burst, nowMs);
    this.#byKey.set(key, bucket);
    return bucket;
  }

  forgetFull(nowMs: number): void {
    for (const [key, bucket] of this.#byKey) if (bucket.isFull(nowMs)) this.#byKey.delete(key);
  }
}
