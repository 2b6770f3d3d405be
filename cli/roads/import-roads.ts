import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { importRoadsFile } from '../../planner/travel/import-roads-file.ts';
import { ROAD_PROFILES } from '../../planner/travel/road-profiles.ts';
import type { RoadProfile } from '../../planner/travel/road-profiles.ts';
import { TravelError } from '../../planner/travel/travel-source.ts';
import { ensureDataFolder } from '../data-folder.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { ProgressLine } from '../history/progress.ts';
import { loadSettings } from '../load-settings.ts';
import { print } from '../print.ts';
import { defaultRoadsFile } from './roads-arguments.ts';
import { showRoads } from './show-roads.ts';

export interface ImportOptions {
  readonly out?: string;
  readonly profile: readonly string[];
  readonly driveOn: 'left' | 'right';
  readonly heightM?: number;
  readonly weightT?: number;
}

/** Makes the file of roads, and shows what is in it. */
export async function importRoads(file: string, options: ImportOptions): Promise<void> {
  const out = prepareOut(options.out);
  const progress = new ProgressLine(process.stderr, Date.now);
  try {
    await importRoadsFile(
      {
        ...{ file, out, nowMs: Date.now() },
        profiles: chooseProfiles(options),
        drivesOnLeft: options.driveOn === 'left',
      },
      (step, percent) => progress.tellStep(step, percent),
    );
  } catch (error) {
    if (!(error instanceof TravelError)) throw error;
    throw new Refusal(EXIT.failure, error.message, { cause: error });
  } finally {
    progress.clear();
  }
  print(`${out} is made`);
  showRoads(out, false);
}

function prepareOut(out: string | undefined): string {
  if (out !== undefined) return path.resolve(out);
  const file = defaultRoadsFile();
  ensureDataFolder(loadSettings().settings.dataFolder);
  mkdirSync(path.dirname(file), { recursive: true });
  return file;
}

/** The profiles named, with the measures of the town's own trucks. */
function chooseProfiles({ profile: names, heightM, weightT }: ImportOptions): RoadProfile[] {
  return ROAD_PROFILES.filter(({ name }) => names.includes(name)).map((profile) => ({
    ...profile,
    ...(heightM !== undefined && { heightM }),
    ...(weightT !== undefined && { weightT }),
  }));
}
