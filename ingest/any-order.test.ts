import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openTestStore } from '../store/testing/open-test-store.ts';
import { dumpStore } from './testing/dump-store.ts';
import { checkBooks } from './testing/check-books.ts';
import { twoWays } from './testing/story-arbitrary.ts';
import { liveThrough } from './testing/town-story.ts';

/** More on request: `TUNNA_STORIES=2000`. */
const STORIES = Number(process.env['TUNNA_STORIES'] ?? 50);

/** A store that does not wait for the disk, because there are many. */
async function openQuickStore() {
  const test = await openTestStore();
  if (test.store.kind === 'sqlite') test.store.sqlite.pragma('synchronous = off');
  return test;
}

describe('whatever happened to a town', () => {
  it('ends alike in whichever order, batches and number of copies messages are seen, and whenever people decide', async () => {
    await fc.assert(
      fc.asyncProperty(twoWays, async ({ straight, crooked, straightCount, crookedCount }) => {
        await using first = await openQuickStore();
        await liveThrough(first.store, straight);
        await checkBooks(first.store, straightCount);
        await using second = await openQuickStore();
        await liveThrough(second.store, crooked);
        await checkBooks(second.store, crookedCount);
        expect(await dumpStore(second.store)).toBe(await dumpStore(first.store));
      }),
      { numRuns: STORIES },
    );
  }, 1_200_000);
});
