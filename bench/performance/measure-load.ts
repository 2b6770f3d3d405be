import { setTimeout as wait } from 'node:timers/promises';
import { percentile } from '../statistics.ts';
import { Flood } from './load.ts';
import type { Load } from './load.ts';
import type { Peer, PeerKind } from './peer.ts';
import { readCpuSeconds } from './process-usage.ts';

/** What one round of a load gave. */
export interface LoadFigures {
  readonly acked: number;
  readonly ackedPerSecond: number;
  readonly ackP50Ms: number;
  readonly ackP99Ms: number;
  /** What reached the store, and how fast from the first publish to the last one stored; NaN for a mere broker. */
  readonly stored: number;
  readonly storedPerSecond: number;
  /** CPU time per message by process, µs, all threads together; `load` is this script. */
  readonly cpuMicros: Readonly<Record<string, number>>;
}

/** Enough for the code to be compiled and the files to have pages. */
const WARM_UP = { messages: 5_000, seconds: 3 };
const POLL_MS = 10;
/** A store into which nothing has come for this long gets nothing more. */
const STANDSTILL_MS = 10_000;

/** Starts a peer with nothing in its store, puts a load on it, and throws it away. */
export async function measureLoad(kind: PeerKind, load: Load): Promise<LoadFigures> {
  await using peer = await kind.start(load);
  const flood = await Flood.connect(peer.logins);
  const warmUp = await flood.run({ ...load, ...WARM_UP }, 1);
  // Some lose messages even of these.
  const stale = await awaitStored(peer, warmUp.acked);

  const before = readUsage(peer);
  const { acked, startMs, endMs, ackMs } = await flood.run(load, 1 + WARM_UP.messages);
  const ackedCpu = readUsage(peer);
  const end = await awaitStored(peer, stale.count + acked);
  const after = peer.countStored === undefined ? ackedCpu : readUsage(peer);
  await flood.close();
  const stored = end.count - stale.count;
  return {
    acked,
    ackedPerSecond: acked / ((endMs - startMs) / 1_000),
    ackP50Ms: percentile(ackMs, 50),
    ackP99Ms: percentile(ackMs, 99),
    stored,
    storedPerSecond: stored / ((end.atMs - startMs) / 1_000),
    cpuMicros: Object.fromEntries(
      Object.entries(after).map(([name, seconds]) => [
        name,
        ((seconds - (before[name] ?? 0)) / acked) * 1e6,
      ]),
    ),
  };
}

function readUsage({ processes }: Peer): Record<string, number> {
  const { user, system } = process.cpuUsage();
  return { ...readCpuSeconds(processes), load: (user + system) / 1e6 };
}

/** Waits until so many are stored, or no more come. The time is that of the last arrival. */
async function awaitStored(
  { countStored }: Peer,
  wanted: number,
): Promise<{ readonly count: number; readonly atMs: number }> {
  if (countStored === undefined) return { count: Number.NaN, atMs: Number.NaN };
  let last = { count: -1, atMs: performance.now() };
  for (;;) {
    const count = await countStored();
    const atMs = performance.now();
    if (count > last.count) last = { count, atMs };
    if (count >= wanted || atMs - last.atMs > STANDSTILL_MS) return last;
    await wait(POLL_MS);
  }
}
