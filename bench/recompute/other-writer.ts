import { setTimeout as delay } from 'node:timers/promises';
import { closeStore, openStore } from '../../store/database.ts';
import { addToTally } from '../../store/tally.ts';
import { lockForWriting } from '../../store/write-lock.ts';
import type { Waits } from './read-waits.ts';

/** Writes a little every 20 ms, as ingest does, until SIGTERM, and prints how long it had to wait. */
const [location = ''] = process.argv.slice(2);
let isEnding = false;
process.once('SIGTERM', () => (isEnding = true));
const store = openStore(location);
const waits: number[] = [];
let failures = 0;
console.log('writing');
while (!isEnding) {
  const startedMs = performance.now();
  try {
    await store.db.transaction().execute(async (trx) => {
      await lockForWriting(trx, store.kind);
      await addToTally(trx, [{ outcome: 'stored', reason: '', count: 1 }]);
    });
  } catch {
    // SQLite gives up after five seconds; ingest would try again.
    failures += 1;
  }
  waits.push(performance.now() - startedMs);
  await delay(20);
}
await closeStore(store);
waits.sort((a, b) => a - b);
const result: Waits = {
  writes: waits.length,
  medianMs: Math.round(waits[Math.floor(waits.length / 2)] ?? 0),
  slowestMs: Math.round(waits.at(-1) ?? 0),
  failed: failures,
};
console.log(JSON.stringify(result));
