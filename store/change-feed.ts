import { setTimeout as delay } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import type { Store } from './database.ts';
import { CHANGES_CHANNEL, readChanges } from './changes.ts';
import type { Change } from './changes.ts';

/** How often SQLite is asked whether another process has written: one pragma, a few microseconds. */
const POLL_MS = 50;

/** PostgreSQL tells by NOTIFY; this is for a notice that was lost with its connection. */
const SAFETY_POLL_MS = 2_000;

/** Pause after the database failed to answer. */
const RETRY_MS = 1_000;

const ROWS_PER_READ = 2_000;

export interface ChangeFeedOptions {
  /** Only changes after this number are told. */
  readonly afterSeq: number;
  /** Called with each batch, oldest first, never two at once. */
  readonly onChanges: (changes: readonly Change[]) => void | Promise<void>;
  /** Called when the database or the callback failed; the feed goes on from where it was. */
  readonly onError: (error: unknown) => void;
  readonly signal: AbortSignal;
  /** PostgreSQL: how often to look without having been told, ms. */
  readonly safetyPollMs?: number;
}

/** Follows the changes until the signal aborts. Resolves then; never rejects. */
export async function followChanges(store: Store, options: ChangeFeedOptions): Promise<void> {
  const { signal } = options;
  let seq = options.afterSeq;
  await using waiter = createWaiter(store, options);
  while (!signal.aborted) {
    try {
      for (;;) {
        const changes = await readChanges(store, seq, ROWS_PER_READ);
        if (changes.length === 0 || signal.aborted) break;
        await options.onChanges(changes);
        seq = changes.at(-1)?.seq ?? seq;
      }
      await waiter.wait(signal);
    } catch (error) {
      if (signal.aborted) return;
      options.onError(error);
      await delay(RETRY_MS, undefined, { signal }).catch(() => {});
    }
  }
}

/** Waits until there may be something new. */
interface Waiter extends AsyncDisposable {
  wait(signal: AbortSignal): Promise<void>;
}

function createWaiter(store: Store, options: ChangeFeedOptions): Waiter {
  return store.kind === 'sqlite' ? createSqliteWaiter(store) : createPostgresWaiter(store, options);
}

function createSqliteWaiter(store: Extract<Store, { kind: 'sqlite' }>): Waiter {
  // data_version tells of other connections' commits only; total_changes of our own.
  const version = store.sqlite.prepare('pragma data_version').pluck();
  const own = store.sqlite.prepare('select total_changes()').pluck();
  const look = (): string => `${String(version.get())}/${String(own.get())}`;
  let seen = look();
  return {
    async wait(signal) {
      for (let now = look(); now === seen; now = look()) {
        await delay(POLL_MS, undefined, { signal });
      }
      seen = look();
    },
    async [Symbol.asyncDispose]() {},
  };
}

function createPostgresWaiter(
  store: Extract<Store, { kind: 'postgres' }>,
  { onError, safetyPollMs = SAFETY_POLL_MS }: ChangeFeedOptions,
): Waiter {
  let client: PoolClient | undefined;
  // Also set while nobody waits: a notice that comes during a read may be of what that read did not see.
  let isTold = false;
  let wake = (): void => {};

  function tell(): void {
    isTold = true;
    wake();
  }

  async function listen(): Promise<void> {
    const fresh = await store.pool.connect();
    fresh.on('notification', tell);
    fresh.on('error', (error) => {
      drop(fresh, error);
      tell();
    });
    client = fresh;
    try {
      await fresh.query(`listen ${CHANGES_CHANNEL}`);
    } catch (error) {
      drop(fresh, error);
      throw error;
    }
  }

  /** A broken connection goes back to the pool, which has only few places. */
  function drop(broken: PoolClient, error: unknown): void {
    if (client !== broken) return;
    client = undefined;
    broken.release(true);
    onError(error);
  }

  return {
    async wait(signal) {
      // What was changed before it listened has told nobody: the caller looks once more at once.
      if (client === undefined) return listen();
      if (!isTold) {
        const told = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const stop = new AbortController();
        const ended = AbortSignal.any([signal, stop.signal]);
        await Promise.race([told, delay(safetyPollMs, undefined, { signal: ended })]).finally(() =>
          stop.abort(),
        );
      }
      isTold = false;
    },
    async [Symbol.asyncDispose]() {
      client?.release(true);
    },
  };
}
