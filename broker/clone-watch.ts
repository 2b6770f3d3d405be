import type { CloneSuspicion } from '../store/principals.ts';

const WINDOW_MS = 60_000;

/** So many takeovers of one connection within a minute are no device that came back after losing its network. */
export const SUSPICIOUS_TAKEOVERS = 5;

/** Enough to tell two places apart. */
const MOST_ADDRESSES = 8;

/** Connections that are watched at once; those of more principals are watched later. */
const MOST_WATCHED = 10_000;

interface Takeover {
  readonly uptimeMs: number;
  readonly addresses: readonly string[];
}

/**
 * Notices a credential that is used in two places: the two take the connection from each other, over and over. A device that
 * reconnects badly does so too, without a twin: whoever looks at the addresses can tell (decision 18).
 */
export class CloneWatch {
  readonly #now: () => number;
  readonly #uptimeMs: () => number;
  readonly #recent = new Map<string, Takeover[]>();

  constructor(now: () => number, uptimeMs: () => number) {
    this.#now = now;
    this.#uptimeMs = uptimeMs;
  }

  /** A connection with this client id (the principal in front) was taken over. Says what is suspicious about it, if it is. */
  note(clientId: string, addresses: readonly string[]): CloneSuspicion | undefined {
    const uptimeMs = this.#uptimeMs();
    if (this.#recent.size >= MOST_WATCHED) this.forgetOld();
    if (this.#recent.size >= MOST_WATCHED && !this.#recent.has(clientId)) return undefined;
    const recent = (this.#recent.get(clientId) ?? []).filter((past) => isRecent(past, uptimeMs));
    recent.push({ uptimeMs, addresses });
    this.#recent.set(clientId, recent);
    if (recent.length < SUSPICIOUS_TAKEOVERS) return undefined;
    this.#recent.delete(clientId);
    const seen = new Set(recent.flatMap((past) => past.addresses));
    return {
      sinceMs: this.#now(),
      addresses: [...seen].slice(0, MOST_ADDRESSES),
      takeoversPerMinute: recent.length,
    };
  }

  forgetOld(): void {
    const uptimeMs = this.#uptimeMs();
    for (const [clientId, recent] of this.#recent) {
      if (!recent.some((past) => isRecent(past, uptimeMs))) this.#recent.delete(clientId);
    }
  }
}

function isRecent({ uptimeMs }: Takeover, nowMs: number): boolean {
  return nowMs - uptimeMs < WINDOW_MS;
}
