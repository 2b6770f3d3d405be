import { setTimeout as pause } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import type { Random } from '../../simulator/random.ts';
import type { Influxd } from '../servers/influxd.ts';
import type { PartName, RunningTunna } from '../system/running-tunna.ts';
import type { History } from './history.ts';

export const ALL_VICTIMS: readonly PartName[] = ['broker', 'ingest', 'dashboard'];

/** Every so many faults a part is halted for a while instead of killed. */
const HALT_SHARE = 0.25;
/** So often it is the neighbour's turn. */
const NEIGHBOUR_SHARE = 0.15;

/** So many acknowledgements since the last fault show that everybody is at work again. */
const AT_WORK = 40;

export interface Harm {
  readonly faults: number;
  readonly victims: readonly PartName[];
  /** A server that Tunna works with, which is killed now and then, too. */
  readonly neighbour?: Influxd | undefined;
  readonly random: Random;
  readonly history: History;
}

/**
 * Does harm to parts of a Tunna at random times, a given number of times. A part that is killed again and again is started
 * again ever more slowly, so the victim is one of those that run. Resolves when all of them run and answer again.
 */
export async function doHarm(
  tunna: RunningTunna,
  { faults, victims, neighbour, random, history }: Harm,
): Promise<void> {
  for (let fault = 0; fault < faults; fault += 1) {
    // Every other one hurts whoever is at work, also where a start takes long; the rest may hurt a part that has not come round.
    if (fault % 2 === 0) await waitForMore(history);
    // The time of a fault is part of what is tried: between two commits, in the middle of one, just after a start.
    await pause(random.between(300, 1000));
    if (neighbour !== undefined && random.chance(NEIGHBOUR_SHARE)) {
      history.add({ kind: 'fault', what: 'kill -9 of InfluxDB' });
      await neighbour.crash();
      await neighbour.start();
      continue;
    }
    const part = random.pick(await waitForRunning(tunna, victims, 1));
    if (random.chance(HALT_SHARE)) await halt(tunna, part, random.between(200, 2000), history);
    else {
      history.add({ kind: 'fault', what: `kill -9 ${part}` });
      tunna.killPart(part);
    }
  }
  await waitForRunning(tunna, victims, victims.length);
  // A process that runs does not listen yet.
  await tunna.waitUntilReady();
}

async function waitForMore({ acknowledged }: History): Promise<void> {
  const before = acknowledged.size;
  await vi.waitFor(() => expect(acknowledged.size).toBeGreaterThan(before + AT_WORK), {
    timeout: 60_000,
    interval: 20,
  });
}

/** The parts that run, when there are so many. */
function waitForRunning(
  tunna: RunningTunna,
  parts: readonly PartName[],
  count: number,
): Promise<PartName[]> {
  return vi.waitFor(
    () => {
      const running = parts.filter((part) => tunna.findPart(part) !== undefined);
      expect(running.length).toBeGreaterThanOrEqual(count);
      return running;
    },
    { timeout: 60_000, interval: 20 },
  );
}

async function halt(
  tunna: RunningTunna,
  part: PartName,
  forMs: number,
  history: History,
): Promise<void> {
  const pid = tunna.findPart(part);
  if (pid === undefined) return;
  history.add({ kind: 'fault', what: `halt ${part} for ${Math.round(forMs)} ms` });
  process.kill(pid, 'SIGSTOP');
  await pause(forMs);
  process.kill(pid, 'SIGCONT');
}
