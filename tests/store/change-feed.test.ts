import { sql } from 'kysely';
import { afterAll, expect, test, vi } from 'vitest';
import { addBin } from '../../ingest/testing/sample-town.ts';
import { followChanges } from '../../store/change-feed.ts';
import type { ChangeFeedOptions } from '../../store/change-feed.ts';
import { CHANGES_CHANNEL } from '../../store/changes.ts';
import { closeStore, openStore } from '../../store/database.ts';
import type { Store } from '../../store/database.ts';
import { needs } from '../servers/needs.ts';
import { openDialect, stopDialects } from './dialects.ts';

afterAll(stopDialects);

const NEVER_MS = 24 * 3600_000;

/** Follows the changes in the background, and collects the ids it hears of and the errors. */
function follow(store: Store, options: Partial<ChangeFeedOptions> = {}) {
  const heard: string[] = [];
  const errors: unknown[] = [];
  const ending = new AbortController();
  const ended = followChanges(store, {
    afterSeq: 0,
    onChanges: (changes) => void heard.push(...changes.map(({ id }) => id)),
    onError: (error) => void errors.push(error),
    signal: ending.signal,
    ...options,
  });
  const stop = (): Promise<void> => {
    ending.abort();
    return ended;
  };
  return { heard, errors, stop };
}

async function listeners(store: Store): Promise<number[]> {
  const { rows } = await sql<{ pid: number }>`select pid from pg_stat_activity
    where datname = current_database() and query = ${`listen ${CHANGES_CHANNEL}`}`.execute(
    store.db,
  );
  return rows.map(({ pid }) => pid);
}

needs('postgresql-15')('following the changes in PostgreSQL', () => {
  test('hears at once of a change that is committed while it looks', async () => {
    await using opened = await openDialect('postgres');
    const { store } = opened;
    if (store.kind !== 'postgres') throw new Error('this is a test of PostgreSQL');
    let notices = 0;
    const ear = await store.pool.connect();
    ear.on('notification', () => (notices += 1));
    await ear.query(`listen ${CHANGES_CHANNEL}`);
    let isLate = false;
    const reader = opened.open();
    // Holds the empty answer of one look back until another process has changed something and PostgreSQL has told of it.
    const slow: Store = {
      ...reader,
      db: reader.db.withPlugin({
        transformQuery: ({ node }) => node,
        async transformResult({ result }) {
          if (result.rows.length === 0 && !isLate && feed.heard.length > 0) {
            isLate = true;
            await addBin(store, 'late');
            await vi.waitFor(() => expect(notices).toBe(2), 10_000);
          }
          return result;
        },
      }),
    };
    // It would find the change by its next look without a notice, too; here that never comes.
    const feed = follow(slow, { safetyPollMs: NEVER_MS });
    await vi.waitFor(async () => expect(await listeners(store)).toHaveLength(2), 10_000);
    await addBin(store, 'early');
    await vi.waitFor(() => expect(feed.heard).toEqual(['early', 'late']), 10_000);
    ear.release(true);
    await feed.stop();
  });

  test('goes on after its connection was cut, however often', async () => {
    await using opened = await openDialect('postgres');
    const feed = follow(opened.open(), { safetyPollMs: NEVER_MS });
    // More often than a pool has connections.
    const rounds = Array.from({ length: 12 }, (_, round) => `bin-${round}`);
    for (const id of rounds) {
      await vi.waitFor(async () => expect(await listeners(opened.store)).toHaveLength(1), 10_000);
      const [pid] = await listeners(opened.store);
      await sql`select pg_terminate_backend(${pid})`.execute(opened.store.db);
      await addBin(opened.store, id);
      await vi.waitFor(() => expect(feed.heard).toContain(id), 10_000);
    }
    expect(feed.heard).toEqual(rounds);
    expect(feed.errors.length).toBeGreaterThanOrEqual(rounds.length);
    await feed.stop();
  });

  test('waits for a database that is not there yet, and says so', async () => {
    const store = openStore('postgres://tunna@127.0.0.1:1/nowhere');
    const feed = follow(store);
    await vi.waitFor(() => expect(feed.errors.length).toBeGreaterThan(0), 10_000);
    await feed.stop();
    expect(feed.heard).toEqual([]);
    await closeStore(store);
  });
});
