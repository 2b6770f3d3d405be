import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Entry } from './instances.ts';
import { FEET_PER_MILE, KIM_REFERENCE } from './kim-reference.ts';

const resultSchema = z.object({
  cost: z.number(),
  metres: z.number(),
  vehicles: z.number(),
  feasible: z.boolean(),
  stepsPerSecond: z.number(),
  elapsedSeconds: z.number(),
  workerMebibytes: z.number(),
});
export type Result = z.infer<typeof resultSchema>;

/** An instance's results, one of each seed, and how far each is above the best that is known, in percent. */
export interface Measured {
  readonly entry: Entry;
  readonly results: readonly Result[];
  readonly gaps: readonly number[];
}

/** Searches once with each seed, one after the other. */
export async function measureInstance(
  folder: string,
  entry: Entry,
  seconds: number,
  seeds: number,
): Promise<Measured> {
  const results: Result[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const script = path.join(import.meta.dirname, 'measure-instance.ts');
    const file = path.join(folder, entry.file);
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...[script, file, `${seconds}`, `${seed}`],
    ]);
    const result = resultSchema.parse(JSON.parse(stdout));
    process.stderr.write(`${entry.file}, seed ${seed}: ${stdout}\n`);
    results.push(result);
  }
  return { entry, results, gaps: results.map((result) => gapOf(entry, result)) };
}

function gapOf({ file, bks }: Entry, { cost, metres }: Result): number {
  const kim = KIM_REFERENCE.get(path.basename(file));
  if (kim !== undefined) return (metres / FEET_PER_MILE / kim.miles - 1) * 100;
  return bks === null || bks === undefined ? Number.NaN : (cost / bks - 1) * 100;
}
