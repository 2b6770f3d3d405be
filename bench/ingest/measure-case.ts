import { setTimeout as wait } from 'node:timers/promises';
import { readTally } from '../../store/tally.ts';
import type { TallyEntry } from '../../store/tally.ts';
import type { Store } from '../../store/database.ts';
import { startTunna } from '../../tests/system/running-tunna.ts';
import type { RunningTunna } from '../../tests/system/running-tunna.ts';
import { percentile } from '../statistics.ts';
import { TOWN_SIZE, registerBenchTown } from './bench-town.ts';
import { watchEvents } from './event-watch.ts';
import type { LoadClient, LoadClientOptions } from './load-client.ts';
import { readPartCpuSeconds } from './part-cpu.ts';
import { publishLoad } from './publish-load.ts';
import type { LoadPlan, LoadResult } from './publish-load.ts';
import { Sensors } from './sensors.ts';
import { StoreProgress } from './store-progress.ts';

/** One row of the table. */
export interface Case extends Pick<LoadPlan, 'window' | 'ratePerSecond' | 'messages' | 'seconds'> {
  readonly connections: number;
  /** Registered bins, with a sensor each. */
  readonly bins?: number;
}

/** What one round of a case gave. */
export interface Figures {
  readonly acked: number;
  readonly ackedPerSecond: number;
  readonly storedPerSecond: number;
  readonly ackP50Ms: number;
  readonly ackP99Ms: number;
  /** From publish until SQL has it. */
  readonly storedP50Ms: number;
  readonly storedP99Ms: number;
  readonly seenP50Ms: number;
  readonly seenP99Ms: number;
  /** CPU time per message, µs, all threads of a process together; NaN for a load that leaves them idle most of the time. */
  readonly brokerMicros: number;
  readonly ingestMicros: number;
  /** That of this process, which publishes and reads the stream. */
  readonly clientMicros: number;
}

/** Acknowledged and stored are not the same number: the one thing that must never be. */
export class LossError extends Error {}

export type Connect = (options: LoadClientOptions) => Promise<LoadClient>;

/** Enough for every part to be compiled and every table to have pages. */
const WARM_UP = { messages: 5_000, seconds: 2 };
/** The stream tells once a second at most: after this, the first message is told at once again. */
const SETTLE_MS = 1_500;
const STORE_POLL_MS = 10;
const STORE_DEADLINE_MS = 120_000;
const SEEN_DEADLINE_MS = 15_000;

/** Starts a Tunna with an empty database, puts the load of the case on it, and throws it away. */
export async function measureCase(one: Case, connect: Connect): Promise<Figures> {
  await using tunna = await startTunna({ NODE_ENV: 'production', TUNNA_LOG_LEVEL: 'warn' });
  await using opened = tunna.openStore();
  const bins = one.bins ?? TOWN_SIZE;
  const sensors = new Sensors(bins);
  const seenMs: number[] = [];
  using _events = await watchEvents(`${tunna.httpUrl}/api/v1/events`, (binId, observedAtMs) => {
    const nowMs = performance.now();
    for (const { counts, sentMs } of sensors.see(binId, observedAtMs)) {
      if (counts) seenMs.push(nowMs - sentMs);
    }
  });
  const failed = Promise.withResolvers<never>();
  const clients = await connectAll(tunna, opened.store, { ...one, bins }, connect, failed.reject);
  const publish = (plan: LoadPlan): Promise<LoadResult> =>
    Promise.race([publishLoad(clients, sensors, plan), failed.promise]);

  const warmUp = await publish({ window: one.window, ...WARM_UP, counts: false });
  await awaitStored(opened.store, warmUp.acked);
  await wait(SETTLE_MS);

  const cpuBefore = readCpu(tunna);
  const progress = new StoreProgress(opened.store, warmUp.acked);
  const load = await publish({ ...one, counts: true });
  const storedAtMs = await awaitStored(opened.store, warmUp.acked + load.acked);
  const storedMs = await progress.stop(load.sentMs);
  const cpu = readCpu(tunna);
  const perMessage = (cpuSeconds: number): number =>
    one.ratePerSecond === undefined ? (cpuSeconds / load.acked) * 1e6 : Number.NaN;
  await awaitSeen(sensors);
  await assertNothingLost(opened.store, warmUp.acked + load.acked);
  await Promise.all(clients.map((client) => client.close()));
  return {
    acked: load.acked,
    ackedPerSecond: load.acked / ((load.endMs - load.startMs) / 1000),
    storedPerSecond: load.acked / ((storedAtMs - load.startMs) / 1000),
    ackP50Ms: percentile(load.ackMs, 50),
    ackP99Ms: percentile(load.ackMs, 99),
    storedP50Ms: percentile(storedMs, 50),
    storedP99Ms: percentile(storedMs, 99),
    seenP50Ms: percentile(seenMs, 50),
    seenP99Ms: percentile(seenMs, 99),
    brokerMicros: perMessage(cpu.broker - cpuBefore.broker),
    ingestMicros: perMessage(cpu.ingest - cpuBefore.ingest),
    clientMicros: perMessage(cpu.client - cpuBefore.client),
  };
}

async function connectAll(
  tunna: RunningTunna,
  store: Store,
  { connections, bins }: { readonly connections: number; readonly bins: number },
  connect: Connect,
  onFailure: (error: Error) => void,
): Promise<LoadClient[]> {
  const logins = await registerBenchTown(store, connections, bins);
  return Promise.all(logins.map((login) => connect({ ...login, port: tunna.mqttPort, onFailure })));
}

/** CPU time used so far, seconds. */
function readCpu(tunna: RunningTunna): Record<'broker' | 'ingest' | 'client', number> {
  const { user, system } = process.cpuUsage();
  return {
    broker: readPartCpuSeconds(tunna, 'broker'),
    ingest: readPartCpuSeconds(tunna, 'ingest'),
    client: (user + system) / 1e6,
  };
}

/** Resolves with the time at which so many messages had been taken off the journal. */
async function awaitStored(store: Store, count: number): Promise<number> {
  const deadlineMs = performance.now() + STORE_DEADLINE_MS;
  for (;;) {
    const handled = sum(await readTally(store.db));
    const nowMs = performance.now();
    if (handled >= count) return nowMs;
    if (nowMs > deadlineMs) throw new LossError(`${handled} of ${count} were stored in time`);
    await wait(STORE_POLL_MS);
  }
}

async function awaitSeen(sensors: Sensors): Promise<void> {
  const deadlineMs = performance.now() + SEEN_DEADLINE_MS;
  while (sensors.unseenCount > 0) {
    if (performance.now() > deadlineMs)
      throw new LossError(`${sensors.unseenCount} levels were never told to the page`);
    await wait(STORE_POLL_MS);
  }
}

async function assertNothingLost(store: Store, acked: number): Promise<void> {
  const tally = await readTally(store.db);
  const stored = sum(tally.filter(({ outcome }) => outcome === 'stored'));
  const { count } = await store.db
    .selectFrom('readings')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  if (stored === acked && count === acked && sum(tally) === acked) return;
  throw new LossError(
    `${acked} messages were acknowledged, but ${count} readings are there, and the tally is ${JSON.stringify(tally)}`,
  );
}

function sum(tally: readonly TallyEntry[]): number {
  return tally.reduce((total, { count }) => total + count, 0);
}
