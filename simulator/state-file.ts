import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

const SimulatorState = z.strictObject({
  version: z.literal(1),
  /** Which town this is the state of. */
  seed: z.int(),
  binCount: z.int().positive(),
  /** How often the simulator was started: the session of live messages, never used twice. */
  starts: z.int().min(1),
  /** The town's clock, ms since 1970; ahead of the wall clock in time lapse. */
  townMs: z.number(),
  history: z.strictObject({
    endMs: z.number(),
    days: z.number(),
    stepSeconds: z.number(),
    /** Newest step that is not known to be acknowledged; -1 when all are. */
    nextStep: z.int().min(-1),
  }),
});

/** What the simulator remembers from one start to the next. */
export type SimulatorState = z.output<typeof SimulatorState>;

/** Reads the state; `undefined` when there is no file. Throws when the file cannot be read or is not a state. */
export async function readState(path: string): Promise<SimulatorState | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new Error(`Cannot read the simulator's state file ${path}`, { cause });
  }
  try {
    return SimulatorState.parse(JSON.parse(text));
  } catch (cause) {
    const advice = 'delete it, and the simulator begins anew';
    throw new Error(`The simulator's state file ${path} is damaged: ${advice}`, { cause });
  }
}

/** Replaces the state as a whole: after a crash the file holds the old one or the new one. */
export async function writeState(path: string, state: SimulatorState): Promise<void> {
  const draft = `${path}.new`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(state)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  await syncFolder(dirname(path));
}

/** A rename is on the disk only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
