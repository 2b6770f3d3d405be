import { parseArgs } from 'node:util';
import { buildPage } from '../../cli/page-build.ts';
import { describeRun } from '../machine.ts';
import { markdownTable } from '../markdown-table.ts';
import { formatRounds } from '../statistics.ts';
import { measureStart } from './measure-start.ts';
import type { StartFigures } from './measure-start.ts';

// How long a first `tunna start` takes until the demo town is there with its history of 30 days. Prints Markdown.

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });

const intro = describeRun();
const buildStartMs = performance.now();
await buildPage();
const buildSeconds = (performance.now() - buildStartMs) / 1000;
const rounds: StartFigures[] = [];
for (let round = 0; round < Number(values.rounds); round += 1) {
  const figures = await measureStart();
  process.stderr.write(`${JSON.stringify(figures)}\n`);
  rounds.push(figures);
}
const row = (title: string, read: (figures: StartFigures) => number): string[] => [
  title,
  formatRounds(rounds.map(read)),
];
const table = markdownTable(
  ['a first start of 160 bins', 'seconds'],
  [
    ['building the page, when that is not done yet', buildSeconds.toFixed(1)],
    row('until the page can be opened', ({ upSeconds }) => upSeconds),
    row('until the bins have live levels', ({ levelsSeconds }) => levelsSeconds),
    row('until all 30 days of history are stored', ({ historySeconds }) => historySeconds),
    row('(messages stored by then)', ({ messages }) => messages),
  ],
);
process.stdout.write(
  `${intro}\n- median of ${values.rounds} starts (lowest–highest)\n\n${table}\n`,
);
