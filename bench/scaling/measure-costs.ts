import { setTimeout as wait } from 'node:timers/promises';
import { readInfluxBacklog } from '../../store/influx/backlog.ts';
import type { Store } from '../../store/database.ts';
import { readTally } from '../../store/tally.ts';
import { startTunna } from '../../tests/system/running-tunna.ts';
import { registerBenchTown } from '../ingest/bench-town.ts';
import { watchEvents } from '../ingest/event-watch.ts';
import { publishLoad } from '../ingest/publish-load.ts';
import type { LoadPlan } from '../ingest/publish-load.ts';
import { RawClient } from '../ingest/raw-client.ts';
import { Sensors } from '../ingest/sensors.ts';
import { readTreeUsage } from './process-tree.ts';
import type { TreeUsage } from './process-tree.ts';
import { bytesPerReading, readTableBytes } from './table-bytes.ts';

/** A Tunna with a database and what else it works with. */
export interface Setup {
  readonly env: Readonly<Record<string, string>>;
  /** Servers that work for it, by name. */
  readonly servers: Readonly<Record<string, number>>;
  readonly feedsInflux: boolean;
}

export interface Load {
  readonly ratePerSecond: number;
  readonly seconds: number;
  /** Readings at full speed at the end. */
  readonly burst: number;
}

/** What a reading takes of each process, and of the disk. */
export interface Costs {
  readonly parts: Readonly<Record<string, PartCosts>>;
  /** By table, see {@link bytesPerReading}. */
  readonly tableBytes: ReadonlyMap<string, number>;
  /** A burst, from its first publish until the last reading is in SQL. */
  readonly storedPerSecond: number;
}

export interface PartCosts {
  /** At the fixed rate, less what the process takes when nothing comes. */
  readonly cpuMicros: number;
  /** When nothing comes, ms of CPU time per second. */
  readonly idleMs: number;
  readonly memoryMib: number;
  readonly writtenBytes: number;
}

const CONNECTIONS = 50;
const WARM_UP = { messages: 10_000, seconds: 20 };
const IDLE_SECONDS = 5;
const POLL_MS = 50;
const PARTS = ['broker', 'ingest', 'dashboard'] as const;

/** Starts a Tunna with an empty database, has a thousand sensors speak at a steady rate, and throws it away. */
export async function measureCosts(
  { env, servers, feedsInflux }: Setup,
  load: Load,
): Promise<Costs> {
  await using tunna = await startTunna({
    ...{ NODE_ENV: 'production', TUNNA_LOG_LEVEL: 'warn', TUNNA_TILE_URL: 'off', ...env },
  });
  await using opened = tunna.openStore();
  const { store } = opened;
  using _stream = await watchEvents(`${tunna.httpUrl}/api/v1/events`, () => {});
  const failed = Promise.withResolvers<never>();
  const logins = await registerBenchTown(store, CONNECTIONS);
  const clients = await Promise.all(
    logins.map((login) =>
      RawClient.connect({ ...login, port: tunna.mqttPort, onFailure: failed.reject }),
    ),
  );
  const sensors = new Sensors();
  let sent = 0;
  /** Resolves when all of it is where it goes in the end. */
  const publish = async (plan: Pick<LoadPlan, 'messages' | 'seconds' | 'ratePerSecond'>) => {
    const publishing = publishLoad(clients, sensors, { window: 20, counts: false, ...plan });
    const { acked, startMs } = await Promise.race([publishing, failed.promise]);
    sent += acked;
    await awaitStored(store, sent);
    const seconds = (performance.now() - startMs) / 1_000;
    while (feedsInflux && (await readInfluxBacklog(store, Date.now())).rows > 0)
      await wait(POLL_MS);
    return { acked, seconds };
  };
  const processes = Object.entries(servers);
  for (const part of PARTS) processes.push([part, tunna.findPart(part) ?? 0]);
  const read = (): (readonly [string, TreeUsage])[] =>
    processes.map(([name, pid]) => [name, readTreeUsage(pid)]);

  await publish(WARM_UP);
  const idle = read();
  await wait(IDLE_SECONDS * 1_000);
  const before = read();
  const tablesBefore = await readTableBytes(store);
  const startMs = performance.now();
  const { acked } = await publish({ ...load, messages: Number.POSITIVE_INFINITY });
  const seconds = (performance.now() - startMs) / 1_000;
  const after = read();
  const tableBytes = bytesPerReading(tablesBefore, await readTableBytes(store), acked);
  const burst = await publish({ messages: load.burst, seconds: 600 });
  await Promise.all(clients.map((client) => client.close()));

  const parts = after.map(([name, usage], at): [string, PartCosts] => {
    const [first = usage, second = usage] = [idle[at]?.[1], before[at]?.[1]];
    const idleMs = ((second.cpuSeconds - first.cpuSeconds) / IDLE_SECONDS) * 1_000;
    const cpuMs = (usage.cpuSeconds - second.cpuSeconds) * 1_000 - idleMs * seconds;
    const writtenBytes = (usage.writtenBytes - second.writtenBytes) / acked;
    const { memoryMib } = usage;
    return [name, { cpuMicros: (cpuMs * 1_000) / acked, idleMs, memoryMib, writtenBytes }];
  });
  const storedPerSecond = burst.acked / burst.seconds;
  return { parts: Object.fromEntries(parts), tableBytes, storedPerSecond };
}

async function awaitStored(store: Store, count: number): Promise<void> {
  for (;;) {
    const tally = await readTally(store.db);
    const handled = tally.reduce((sum, entry) => sum + entry.count, 0);
    if (handled >= count) return;
    await wait(POLL_MS);
  }
}
