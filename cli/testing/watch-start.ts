import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { vi } from 'vitest';
import { z } from 'zod';
import type { StartedTunna } from './run-tunna.ts';

/** Other tests share the machine: this is for what hangs, not for what is slow. */
const UP_WITHIN_MS = 60_000;

const Up = z.looseObject({ msg: z.literal('Tunna is up'), page: z.string(), mqtt: z.string() });

/** Waits until everything is up and returns the addresses. */
export function awaitUp(started: StartedTunna): Promise<z.infer<typeof Up>> {
  return vi.waitFor(
    () => {
      const line = started
        .stdout()
        .split('\n')
        .find((text) => text.includes('"Tunna is up"'));
      if (line === undefined) throw new Error(`Not up: ${started.stdout()}${started.stderr()}`);
      return Up.parse(JSON.parse(line));
    },
    { timeout: UP_WITHIN_MS, interval: 50 },
  );
}

/** Process ids of the parts, from the table of processes: those whose parent is `pid`. */
export function childrenOf(pid: number | undefined): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

/** The parts that have said that they stopped as they should, in that order. */
export function stoppedParts(output: string): string[] {
  const Line = z.looseObject({ part: z.string(), msg: z.literal('stopped') });
  return output.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return [];
    const parsed = Line.safeParse(JSON.parse(line));
    return parsed.success ? [parsed.data.part] : [];
  });
}

export function isAlive(pid: number): boolean {
  try {
    // A process that has ended and is not yet reaped by its new parent counts as gone.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Waits until a process has opened a file whose name ends so: it has come as far as that. */
export function awaitOpenFile(pid: number | undefined, ending: string): Promise<void> {
  return vi.waitFor(
    () => {
      const files = readdirSync(`/proc/${pid}/fd`).map((fd) => readLink(`/proc/${pid}/fd/${fd}`));
      if (files.every((file) => !file.endsWith(ending))) throw new Error(`not opened: ${ending}`);
    },
    { timeout: UP_WITHIN_MS, interval: 20 },
  );
}

function readLink(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    // Closed meanwhile.
    return '';
  }
}
