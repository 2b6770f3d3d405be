import { getPriority, setPriority } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { describeRun } from '../machine.ts';
import { markdownTable } from '../markdown-table.ts';
import { formatRounds, percentile } from '../statistics.ts';
import { writeFigures } from '../write-figures.ts';
import { ABUSE_NAMES, ABUSES } from './abuse.ts';
import { measureAbuse, measureQuiet } from './measure-abuse.ts';
import type { SpanFigures } from './measure-abuse.ts';
import { Neighbours } from './neighbours.ts';
import { startTown } from './town.ts';

// One bad device beside fifty good ones: how much later their messages are acknowledged. Prints Markdown; with --write it goes
// into docs/benchmarks.md.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    devices: { type: 'string', default: '50' },
    rate: { type: 'string', default: '200' },
    /** Only the abuses whose names contain one of these, separated by commas. */
    only: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
  },
});

const MOST_TIMES = 2;
const HIGH_PRIORITY = -15;
/** What a bad device has left behind is dealt with before the next look. */
const PAUSE_MS = 1_000;
const HEAD = [
  ...['what it does', 'p50 ms', 'p99 ms', 'p99 to normal', 'within 2x'],
  ...['broker CPU', 'a second'],
];

const intro = describeRun();
raisePriority();
const seconds = Number(values.seconds);
const names = ABUSE_NAMES.filter((name) =>
  values.only.split(',').some((part) => name.includes(part)),
);
const town = await startTown(Number(values.devices));
await using _tunna = { [Symbol.asyncDispose]: () => town.tunna.stop() };
const neighbours = await Neighbours.connect(town.good, Number(values.rate));
// The code is compiled by then.
await measureQuiet(town, neighbours, seconds);

const quiet: SpanFigures[] = [];
const found = new Map(names.map((name): [typeof name, SpanFigures[]] => [name, []]));
for (let round = 1; round <= Number(values.rounds); round += 1) {
  for (const [abuse, rounds] of found) {
    const before = await measureQuiet(town, neighbours, seconds);
    const id = `bad-${abuse}-${round}`;
    const during = await measureAbuse(town, neighbours, { abuse, id, seconds });
    quiet.push(before);
    rounds.push(during);
    process.stderr.write(`${round} ${abuse}: ${JSON.stringify({ before, during })}\n`);
    await wait(PAUSE_MS);
  }
}
await neighbours.close();

const normalP99 = median(quiet, ({ p99Ms }) => p99Ms);
const rows = [
  row('nobody', quiet),
  ...[...found].map(([name, rounds]) => row(ABUSES[name], rounds)),
];
const report = `${intro}
- ${values.devices} good devices, ${values.rate} messages a second in all; medians of ${values.rounds} rounds of ${values.seconds} s (lowest–highest), a quiet span before each; Tunna and the good devices at priority ${getPriority()}, the bad one at 0

${markdownTable(HEAD, rows)}`;
process.stdout.write(`${report}\n`);
if (values.write) await writeFigures('noisy-neighbour', report, 'benchmarks');

/** Tunna inherits it; so other work on the machine is less of the figures. Only root may. */
function raisePriority(): void {
  try {
    setPriority(HIGH_PRIORITY);
  } catch {
    process.stderr.write(
      'Without a higher priority, other work on this machine is in the figures\n',
    );
  }
}

function row(title: string, rounds: readonly SpanFigures[]): string[] {
  const times = median(rounds, ({ p99Ms }) => p99Ms) / normalP99;
  return [
    title,
    formatRounds(rounds.map(({ p50Ms }) => p50Ms)),
    formatRounds(rounds.map(({ p99Ms }) => p99Ms)),
    times.toFixed(2),
    times <= MOST_TIMES ? 'yes' : 'no',
    median(rounds, ({ brokerCpu }) => brokerCpu).toFixed(2),
    Math.round(median(rounds, ({ deedsPerSecond }) => deedsPerSecond)).toLocaleString('en-GB'),
  ];
}

function median(rounds: readonly SpanFigures[], pick: (figures: SpanFigures) => number): number {
  return percentile(rounds.map(pick), 50);
}
