import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** A set of instances that is compared as a whole, with what is asked of it. */
export interface InstanceSet {
  readonly name: string;
  readonly title: string;
  readonly includes: (entry: Entry) => boolean;
  /** What is asked: mean and, where it is given, worst gap in percent within so many seconds. */
  readonly goals: readonly {
    readonly seconds: number;
    readonly mean: number;
    readonly worst?: number;
  }[];
}

const entrySchema = z.object({
  file: z.string(),
  n: z.number(),
  kind: z.string(),
  bks: z.number().nullish(),
});
export type Entry = z.infer<typeof entrySchema>;

function isIn(folder: string): (entry: Entry) => boolean {
  return ({ file }) => file.startsWith(`${folder}/`);
}

/** Instances by their folder and, where one folder holds two sets, their kind or size. */
export const SETS: readonly InstanceSet[] = [
  {
    ...{ name: 'cvrp', title: 'CVRP X' },
    includes: (entry) => isIn('cvrp')(entry) && entry.n <= 1001,
    goals: [
      { seconds: 10, mean: 0.4, worst: 1.2 },
      { seconds: 30, mean: 0.25, worst: 0.6 },
    ],
  },
  {
    ...{ name: 'large', title: 'CVRP of thousands' },
    includes: (entry) => isIn('cvrp')(entry) && entry.n > 1001,
    goals: [{ seconds: 60, mean: 0.6 }],
  },
  {
    ...{ name: 'solomon', title: 'VRPTW Solomon' },
    includes: (entry) => isIn('vrptw')(entry) && entry.n <= 100,
    goals: [{ seconds: 10, mean: 0.1 }],
  },
  {
    ...{ name: 'homberger', title: 'VRPTW Gehring-Homberger' },
    includes: (entry) => isIn('vrptw')(entry) && entry.n > 100,
    goals: [{ seconds: 30, mean: 0.5, worst: 1 }],
  },
  {
    ...{ name: 'prizes', title: 'Prize-collecting VRPTW' },
    includes: isIn('pcvrptw'),
    goals: [{ seconds: 60, mean: 1 }],
  },
  {
    ...{ name: 'trips', title: 'Multi-trip VRPTW with release times' },
    includes: isIn('mtvrptw'),
    goals: [{ seconds: 60, mean: 0.95 }],
  },
  {
    ...{ name: 'kim', title: 'Waste collection, Kim 2006' },
    includes: isIn('waste-kim'),
    goals: [{ seconds: 60, mean: 3 }],
  },
];

/** Folder of the instances: in the folder in `TUNNA_TEST_DATA`, else in `shared/data` beside the repository. */
export function findInstanceFolder(): string | undefined {
  const shared = path.resolve(import.meta.dirname, '../../../shared/data');
  const folder = path.join(process.env['TUNNA_TEST_DATA'] ?? shared, 'vrp');
  return existsSync(path.join(folder, 'manifest.json')) ? folder : undefined;
}

/** What the manifest of the folder lists. */
export function readManifest(folder: string): readonly Entry[] {
  const text = readFileSync(path.join(folder, 'manifest.json'), 'utf8');
  return z.array(entrySchema.catch({ file: '', n: 0, kind: '' })).parse(JSON.parse(text));
}
