import path from 'node:path';
import { parseArgs } from 'node:util';
import { describeRun } from '../machine.ts';
import { findInstanceFolder, readManifest, SETS } from './instances.ts';
import { measureInstance } from './measure-set.ts';
import type { Measured } from './measure-set.ts';
import { reportSet } from './report.ts';
import { writeFigures } from '../write-figures.ts';

// How near the planner comes to the best known plans of the benchmarks in the data folder. Prints Markdown; what goes on
// meanwhile goes to stderr. Ends with 1 when a plan breaks a limit.
//   --set cvrp,solomon   sets of `instances.ts`; all, when left out
//   --seconds 10         CPU time of each search; the set's own limits, when left out
//   --seeds 3            searches of each instance
//   --only X-n303        instances whose name begins so
//   --write              into docs/planning.md instead

const { values } = parseArgs({
  options: {
    set: { type: 'string', default: SETS.map(({ name }) => name).join(',') },
    seconds: { type: 'string' },
    seeds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
  },
});

const folder = findInstanceFolder();
if (folder === undefined) {
  process.stderr.write(
    'There are no instances: name the folder that holds vrp/manifest.json in TUNNA_TEST_DATA\n',
  );
  process.exit(1);
}
const names = values.set.split(',');
const unknown = names.find((name) => SETS.every((set) => set.name !== name));
if (unknown !== undefined) {
  throw new Error(`--set knows ${SETS.map(({ name }) => name).join(', ')}, not ${unknown}`);
}
const entries = readManifest(folder).filter(({ file }) =>
  path.basename(file).startsWith(values.only),
);
const intro = describeRun();
const parts: string[] = [];
const all: Measured[] = [];
for (const set of SETS.filter(({ name }) => names.includes(name))) {
  const limits =
    values.seconds === undefined ? set.goals.map((goal) => goal.seconds) : [Number(values.seconds)];
  for (const seconds of limits) {
    const measured: Measured[] = [];
    for (const entry of entries.filter(set.includes)) {
      measured.push(await measureInstance(folder, entry, seconds, Number(values.seeds)));
    }
    if (measured.length === 0) parts.push(`### ${set.title}\n\nNo instance of this set is there.`);
    else parts.push(reportSet(set, measured, seconds));
    all.push(...measured);
  }
}
const report = `${intro}\n- CPU time of the search's one thread; ${values.seeds} seeds\n\n${parts.join('\n\n')}`;
if (values.write) await writeFigures('solver', report, 'planning');
else process.stdout.write(`${report}\n`);
if (all.some(({ results }) => results.some(({ feasible }) => !feasible))) process.exitCode = 1;
