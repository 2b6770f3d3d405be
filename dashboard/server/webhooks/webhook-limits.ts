import { TokenBuckets } from '../../../domain/token-bucket.ts';
import { HttpProblem } from '../problem.ts';

/** As many bytes as the broker takes of a gateway in one message. */
export const MAX_WEBHOOK_BODY_BYTES = 128 * 1024;

/** What network servers may cost. A town sends a few messages a second; most servers never repeat one that was refused. */
export interface WebhookLimits {
  /** Requests of one sender, and of all together, whose body or commit is waited for. */
  readonly concurrentPerSender: number;
  readonly concurrent: number;
  /** Requests of one sender in the long run, and at once after a pause. None for whoever may send history. */
  readonly perSecond: number;
  readonly burst: number;
}

export const DEFAULT_WEBHOOK_LIMITS: WebhookLimits = {
  concurrentPerSender: 100,
  concurrent: 300,
  perSecond: 200,
  burst: 5_000,
};

/** Whose buckets are full is forgotten every so many requests. */
const FORGET_EVERY = 1_000;

/** Lets so many in at a time, and so many a second. */
export class WebhookGate {
  readonly #limits: WebhookLimits;
  readonly #buckets: TokenBuckets;
  readonly #inside = new Map<string, number>();
  #allInside = 0;
  #requests = 0;

  constructor(limits: WebhookLimits) {
    this.#limits = limits;
    this.#buckets = new TokenBuckets(limits.perSecond, limits.burst);
  }

  /**
   * Lets a request in until the result is disposed of.
   * @throws HttpProblem 429 when its sender is too fast, 503 when too many are inside
   */
  enter(sender: { readonly id: string; readonly backfill: boolean }): Disposable {
    const { id, backfill } = sender;
    const uptimeMs = performance.now();
    this.#requests += 1;
    if (this.#requests % FORGET_EVERY === 0) this.#buckets.forgetFull(uptimeMs);
    const inside = this.#inside.get(id) ?? 0;
    const { concurrent, concurrentPerSender } = this.#limits;
    if (this.#allInside >= concurrent || inside >= concurrentPerSender) {
      throw refusal(503, 'Too many messages are being taken at once');
    }
    if (!backfill && !this.#buckets.of(id, uptimeMs).tryTake(uptimeMs)) {
      throw refusal(429, 'These are more messages than a network server should send');
    }
    this.#allInside += 1;
    this.#inside.set(id, inside + 1);
    return { [Symbol.dispose]: () => this.#leave(id) };
  }

  #leave(id: string): void {
    this.#allInside -= 1;
    const inside = (this.#inside.get(id) ?? 1) - 1;
    if (inside === 0) this.#inside.delete(id);
    else this.#inside.set(id, inside);
  }
}

function refusal(status: 429 | 503, detail: string): HttpProblem {
  return new HttpProblem(status, { detail, headers: { 'Retry-After': '1' } });
}
