import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { checkBooks } from '../../ingest/testing/check-books.ts';
import { dumpStore } from '../../ingest/testing/dump-store.ts';
import { twoWays } from '../../ingest/testing/story-arbitrary.ts';
import { liveThrough } from '../../ingest/testing/town-story.ts';
import type { Store } from '../../store/database.ts';
import { openTestStore } from '../../store/testing/open-test-store.ts';
import { needs } from '../servers/needs.ts';
import { openDialect, stopDialects } from './dialects.ts';

afterAll(stopDialects);

/** More on request: `TUNNA_STORIES=200`. */
const STORIES = Number(process.env['TUNNA_STORIES'] ?? 20);

/** One database for all stories: to make one takes longer than to live through one. */
async function empty(store: Store): Promise<void> {
  const tables = await store.db.introspection.getTables();
  const names = tables.map(({ name }) => sql.table(name));
  await sql`truncate ${sql.join(names)} restart identity cascade`.execute(store.db);
}

needs('postgresql-15')('whatever happened to a town', () => {
  test('ends in PostgreSQL, crookedly, as it does in SQLite, straight', async () => {
    await using opened = await openDialect('postgres');
    await fc.assert(
      fc.asyncProperty(twoWays, async ({ straight, crooked, crookedCount }) => {
        await using sqlite = await openTestStore();
        await liveThrough(sqlite.store, straight);
        await empty(opened.store);
        await liveThrough(opened.store, crooked);
        await checkBooks(opened.store, crookedCount);
        expect(await dumpStore(opened.store)).toBe(await dumpStore(sqlite.store));
      }),
      { numRuns: STORIES },
    );
  }, 1_200_000);
});
