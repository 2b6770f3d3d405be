import { appendAudit } from './audit.ts';
import type { AuditAction, AuditEntry } from './audit.ts';
import type { Store } from './database.ts';
import { writeWithoutWaiting } from './write-without-waiting.ts';
import { TokenBucket } from '../domain/token-bucket.ts';

const MINUTE_MS = 60_000;

/** Who is refused for what, told apart at once. More share one count by action and reason. */
const MOST_KEYS = 500;

/** Rows for what is refused for the first time, and for the counts of a minute: a burst, and how many more a minute. */
const FIRST_ROWS = { burst: 100, perMinute: 10 };
const COUNT_ROWS = { burst: 100, perMinute: 20 };

/** Entries that wait for the database; meanwhile everything is only counted. */
const MOST_WAITING = 1_000;

/** Between two attempts to write while others do. */
const RETRY_MS = 50;
const RETRY_AFTER_ERROR_MS = 1_000;

/** At the end, so long may the last attempts take. */
const LAST_ATTEMPTS = 20;

/** Shares the count of those that are not told apart. */
const MANY = 'many';

/** Something that a door has refused. */
export interface RefusedEvent {
  readonly action: Extract<AuditAction, `${string}-refused`>;
  readonly reason: string;
  /** Who: the principal, or the address of somebody that is none. */
  readonly actor: string;
  /** What was asked for, such as a topic or a name. */
  readonly subject?: string;
  readonly address?: string | undefined;
}

interface Count {
  readonly event: RefusedEvent;
  /** When its present minute began, by a clock that only grows. */
  sinceMs: number;
  times: number;
  firstAtMs: number;
  lastAtMs: number;
}

export interface RefusalAuditOptions {
  readonly store: Store;
  readonly now: () => number;
  readonly uptimeMs: () => number;
  readonly onError: (error: unknown) => void;
}

/**
 * Writes what is refused into the audit without letting anybody fill the disk with it: the first of a kind at once, those that
 * follow as one row for each minute, actor and reason. Beyond a number of rows the actors share one. Writing never holds up the
 * door; a crash loses the counts of its last minute, not the first rows.
 */
export class RefusalAudit {
  readonly #options: RefusalAuditOptions;
  readonly #counts = new Map<string, Count>();
  readonly #firstRows: TokenBucket;
  readonly #countRows: TokenBucket;
  #waiting: AuditEntry[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #isClosed = false;
  #retryMs = RETRY_MS;

  constructor(options: RefusalAuditOptions) {
    this.#options = options;
    const bucket = ({ burst, perMinute }: typeof FIRST_ROWS): TokenBucket =>
      new TokenBucket(perMinute / 60, burst, options.uptimeMs());
    this.#firstRows = bucket(FIRST_ROWS);
    this.#countRows = bucket(COUNT_ROWS);
  }

  note(event: RefusedEvent): void {
    const { now, uptimeMs } = this.#options;
    const atMs = now();
    const known = this.#counts.get(keyOf(event));
    if (known === undefined && this.#counts.size < MOST_KEYS) {
      const count = startCount(event, uptimeMs(), atMs);
      this.#counts.set(keyOf(event), count);
      if (this.#hasRoom() && this.#firstRows.tryTake(uptimeMs())) this.#queue(describe(count, 1));
      else count.times = 1;
      return;
    }
    const count = known ?? this.#shared(event, atMs);
    if (count.times === 0) count.firstAtMs = atMs;
    count.times += 1;
    count.lastAtMs = atMs;
  }

  /** Tells the minutes that are over; to be called now and then. */
  flush(): void {
    const nowMs = this.#options.uptimeMs();
    for (const [key, count] of this.#counts) {
      if (nowMs - count.sinceMs >= MINUTE_MS) this.#tell(key, count);
    }
  }

  /** Tells everything, and waits until it is written, if the database lets it within a second. */
  async close(): Promise<void> {
    for (const [key, count] of this.#counts) this.#tell(key, count);
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (let attempt = 0; attempt < LAST_ATTEMPTS && this.#waiting.length > 0; attempt += 1) {
      await this.#write();
      if (this.#waiting.length > 0) await new Promise((done) => setTimeout(done, RETRY_MS));
    }
  }

  #tell(key: string, count: Count): void {
    const nowMs = this.#options.uptimeMs();
    if (count.times === 0) {
      this.#counts.delete(key);
      return;
    }
    if (!this.#hasRoom()) return;
    if (count.event.actor !== MANY && !this.#countRows.tryTake(nowMs)) {
      this.#counts.delete(key);
      const shared = this.#shared(count.event, count.firstAtMs);
      shared.firstAtMs = Math.min(shared.firstAtMs, count.firstAtMs);
      shared.lastAtMs = Math.max(shared.lastAtMs, count.lastAtMs);
      shared.times += count.times;
      return;
    }
    this.#queue(describe(count, count.times));
    count.sinceMs = nowMs;
    count.times = 0;
  }

  /** Actions and reasons are few, so these are few. */
  #shared({ action, reason }: RefusedEvent, atMs: number): Count {
    const event = { action, reason, actor: MANY };
    const known = this.#counts.get(keyOf(event));
    if (known !== undefined) return known;
    const count = startCount(event, this.#options.uptimeMs(), atMs);
    this.#counts.set(keyOf(event), count);
    return count;
  }

  #hasRoom(): boolean {
    return this.#waiting.length < MOST_WAITING;
  }

  #queue(entry: AuditEntry): void {
    this.#waiting.push(entry);
    if (this.#isClosed) return;
    this.#timer ??= setTimeout(() => void this.#write(), RETRY_MS);
  }

  #write(): Promise<void> {
    this.#timer = undefined;
    this.#writing ??= this.#writeWaiting().finally(() => {
      this.#writing = undefined;
      if (this.#waiting.length === 0 || this.#isClosed) return;
      this.#timer ??= setTimeout(() => void this.#write(), this.#retryMs);
    });
    return this.#writing;
  }

  async #writeWaiting(): Promise<void> {
    const { store, onError } = this.#options;
    const entries = [...this.#waiting];
    try {
      const isDone = await writeWithoutWaiting(store, (trx) => appendAudit(trx, store, entries));
      // What has come meanwhile is behind them.
      if (isDone) this.#waiting = this.#waiting.slice(entries.length);
      this.#retryMs = RETRY_MS;
    } catch (error) {
      this.#retryMs = RETRY_AFTER_ERROR_MS;
      onError(error);
    }
  }
}

function keyOf({ action, reason, actor }: RefusedEvent): string {
  return JSON.stringify([action, reason, actor]);
}

function startCount(event: RefusedEvent, sinceMs: number, atMs: number): Count {
  return { event, sinceMs, times: 0, firstAtMs: atMs, lastAtMs: atMs };
}

function describe({ event, firstAtMs, lastAtMs }: Count, times: number): AuditEntry {
  const { action, actor, reason, address, subject = '' } = event;
  const detail = { reason, ...(address !== undefined && { address }) };
  return { action, actor, subject, times, atMs: firstAtMs, untilMs: lastAtMs, detail };
}
