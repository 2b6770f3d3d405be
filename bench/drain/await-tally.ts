import { setTimeout as wait } from 'node:timers/promises';
import type { Store } from '../../store/database.ts';
import { readTally } from '../../store/tally.ts';

const POLL_MS = 20;
const DEADLINE_MS = 300_000;

/** Resolves when so many messages are stored, once each. Throws when any became something else. */
export async function awaitTally(store: Store, stored: number): Promise<void> {
  const deadlineMs = performance.now() + DEADLINE_MS;
  for (;;) {
    const tally = await readTally(store.db);
    const count = tally.find(({ outcome }) => outcome === 'stored')?.count ?? 0;
    if (tally.length > 1 || count > stored) throw new Error(`Not stored: ${JSON.stringify(tally)}`);
    if (count === stored) return;
    if (performance.now() > deadlineMs)
      throw new Error(`${count} of ${stored} were stored in time`);
    await wait(POLL_MS);
  }
}
