import { pino } from 'pino';
import { createIngest } from '../../ingest/ingest.ts';
import { closeStore, openStore } from '../../store/database.ts';
import type { Store } from '../../store/database.ts';
import { awaitTally } from './await-tally.ts';
import type { DrainFigures } from './drain-figures.ts';

/** Stores two journals, one after the other, and prints what the second took, when everything was compiled. */
const [location = '', warmUpFolder = '', folder = '', warmUp = '', messages = ''] =
  process.argv.slice(2);
const store = openStore(location);
const watching = openStore(location);
await drain(store, warmUpFolder, Number(warmUp));
const cpu = process.cpuUsage();
const startedMs = performance.now();
await drain(store, folder, Number(warmUp) + Number(messages));
const seconds = (performance.now() - startedMs) / 1000;
const { user, system } = process.cpuUsage(cpu);
const figures: DrainFigures = {
  storedPerSecond: Number(messages) / seconds,
  cpuMicros: (user + system) / Number(messages),
  rssMib: process.memoryUsage.rss() / 2 ** 20,
};
console.log(JSON.stringify(figures));
await closeStore(watching);
await closeStore(store);

async function drain(into: Store, journalFolder: string, taken: number): Promise<void> {
  const log = pino({ level: 'warn' }, pino.destination(2));
  const ingest = createIngest({ store: into, journalFolder, log });
  ingest.start();
  await awaitTally(watching, taken);
  await ingest.stop();
}
