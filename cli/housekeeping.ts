import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { dropOldAudit } from '../store/audit-log.ts';
import { pruneChanges } from '../store/changes.ts';
import { expireCommands } from '../store/commands.ts';
import type { Store } from '../store/database.ts';
import type { MemoryCare } from './memory-care.ts';
import { finishRecomputes } from '../store/recompute.ts';
import { releaseLease, takeLease } from '../store/leases.ts';
import { advanceRetentionClock, dropExpired } from '../store/retention.ts';

/** A page that was away for longer than this many changes loads everything anew. */
const CHANGES_KEPT = 100_000;

const EVERY_MS = 60_000;
const LEASE = 'housekeeping';
/** Further apart than this, retention does not believe the machine's clock, and deletes nothing. */
const CLOCK_APART_MS = 24 * 3_600_000;

export interface HousekeepingOptions {
  readonly store: Store;
  readonly now: () => number;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** How long messages and readings are kept; left out, for ever. */
  readonly keepMs?: number | undefined;
  /** The same for the audit. */
  readonly auditKeepMs?: number | undefined;
  /** What is done for the InfluxDB behind SQL, where there is one. */
  readonly careForMemory?: MemoryCare | undefined;
  readonly everyMs?: number;
  readonly changesKept?: number;
}

/** What one process does for all that share the database: whoever holds the lease. */
export class Housekeeping {
  readonly #options: HousekeepingOptions;
  readonly #holder = randomUUID();
  readonly #ending = new AbortController();
  /** Retention's clock is far from the machine's, and that has been said. */
  #isApart = false;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: HousekeepingOptions) {
    this.#options = options;
  }

  start(): void {
    const { everyMs = EVERY_MS } = this.#options;
    this.#timer = setInterval(() => {
      this.#running = this.#running.then(() => this.#tidySafely());
    }, everyMs);
  }

  /** Ends after the step under way, and gives the lease back. Never rejects: a lease runs out by itself. */
  async stop(): Promise<void> {
    const { store, log } = this.#options;
    clearInterval(this.#timer);
    this.#ending.abort();
    await this.#running;
    await releaseLease(store, LEASE, this.#holder).catch((error: unknown) => {
      log.warn({ err: error }, 'the lease of housekeeping could not be given back');
    });
  }

  /** One round. Returns whether this process had the lease. */
  async tidy(): Promise<boolean> {
    const { store, now, everyMs = EVERY_MS, changesKept = CHANGES_KEPT } = this.#options;
    // Held over the next round too, so that it stays with one process.
    const lease = { name: LEASE, holder: this.#holder, forMs: 2 * everyMs };
    if (!(await takeLease(store, lease, now()))) return false;
    await pruneChanges(store, changesKept);
    await expireCommands(store, now());
    // Left by a command that was ended in its middle; one that is at it now only gets help.
    await finishRecomputes(store, undefined, { signal: this.#ending.signal });
    await this.#dropExpired();
    return true;
  }

  async #dropExpired(): Promise<void> {
    const { store, now, log, auditKeepMs, everyMs = EVERY_MS } = this.#options;
    const clockMs = await advanceRetentionClock(store, now(), everyMs);
    const isApart = Math.abs(now() - clockMs) > CLOCK_APART_MS;
    if (isApart && !this.#isApart) {
      const said = { machine: new Date(now()), retention: new Date(clockMs) };
      log.warn(said, 'the clock has jumped, or nothing ran for long; old data is kept meanwhile');
    }
    this.#isApart = isApart;
    if (isApart) return;
    if (auditKeepMs !== undefined) await dropOldAudit(store, { clockMs, keepMs: auditKeepMs });
    await this.#dropOlder(clockMs);
    await this.#options.careForMemory?.(clockMs, this.#ending.signal);
  }

  async #dropOlder(clockMs: number): Promise<void> {
    const { store, log, keepMs } = this.#options;
    if (keepMs === undefined) return;
    const dropped = await dropExpired(store, { clockMs, keepMs, signal: this.#ending.signal });
    if (Object.values(dropped).some((count) => count > 0)) {
      log.info(dropped, 'what was kept long enough has been deleted');
    }
  }

  async #tidySafely(): Promise<void> {
    try {
      await this.tidy();
    } catch (error) {
      this.#options.log.warn({ err: error }, 'housekeeping failed; it will be tried again');
    }
  }
}
