import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { percentile } from '../statistics.ts';
import { readCpuSeconds } from '../performance/process-usage.ts';
import type { AbuseName, Assignment } from './abuse.ts';
import type { Neighbours } from './neighbours.ts';
import { registerBad } from './town.ts';
import type { NoisyTown } from './town.ts';

const ABUSER = path.join(import.meta.dirname, 'abuser.ts');
/** The bad device goes on for a moment longer than is looked at. */
const EXTRA_SECONDS = 0.5;

/** What a span was like, with or without a bad device. */
export interface SpanFigures {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processors that the broker had busy. */
  readonly brokerCpu: number;
  /** What the bad device did a second: packets, or connections where these are the abuse. */
  readonly deedsPerSecond: number;
}

export async function measureQuiet(
  town: NoisyTown,
  neighbours: Neighbours,
  seconds: number,
): Promise<SpanFigures> {
  return { ...(await observe(town, neighbours, seconds)), deedsPerSecond: 0 };
}

/** Lets a bad device of its own loose for so long. */
export async function measureAbuse(
  town: NoisyTown,
  neighbours: Neighbours,
  { abuse, id, seconds }: { abuse: AbuseName; id: string; seconds: number },
): Promise<SpanFigures> {
  const token = await registerBad(town, id, abuse === 'slow-reader' ? 'reader' : 'device');
  const assignment: Assignment = {
    ...{ abuse, id, token, port: town.tunna.mqttPort, tlsPort: town.tlsPort },
    seconds: seconds + EXTRA_SECONDS,
  };
  const child = spawn(process.execPath, [ABUSER, JSON.stringify(assignment)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  await lines.next();
  const figures = await observe(town, neighbours, seconds);
  // Safe: the script writes its deeds as its second line; without one, it has failed and said why.
  const deeds = JSON.parse((await lines.next()).value as string) as { readonly done: number };
  await ended;
  return { ...figures, deedsPerSecond: deeds.done / assignment.seconds };
}

async function observe(
  town: NoisyTown,
  neighbours: Neighbours,
  seconds: number,
): Promise<Omit<SpanFigures, 'deedsPerSecond'>> {
  const broker = town.tunna.findPart('broker');
  if (broker === undefined) throw new Error('The broker is not running');
  const [cpuBefore, startMs] = [readCpuSeconds({ broker })['broker'] ?? 0, performance.now()];
  const { ackMs } = await neighbours.observe(seconds);
  const cpuSeconds = (readCpuSeconds({ broker })['broker'] ?? 0) - cpuBefore;
  return {
    p50Ms: percentile(ackMs, 50),
    p99Ms: percentile(ackMs, 99),
    brokerCpu: cpuSeconds / ((performance.now() - startMs) / 1_000),
  };
}
