import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { describeRun } from '../machine.ts';
import { writeFigures } from '../write-figures.ts';
import { createWorld } from './assignment.ts';
import type { WorldChoice } from './assignment.ts';
import { entriesFor, stand } from './contest.ts';
import type { Standing } from './contest.ts';
import { reportContest } from './report.ts';
import { SimulationPool } from './simulation-pool.ts';
import { hasWyndham } from './wyndham-world.ts';

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '60' },
    bins: { type: 'string', default: '400' },
    seeds: { type: 'string', default: '3' },
    iterations: { type: 'string', default: '1000' },
    threads: { type: 'string', default: String(availableParallelism()) },
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const days = wholeNumber('days', values.days);
const binCount = wholeNumber('bins', values.bins);
const iterations = wholeNumber('iterations', values.iterations);
const seeds = Array.from({ length: wholeNumber('seeds', values.seeds) }, (_, index) => index + 1);

/** Prizes to try, in km for an overflow: cheap ones first. */
const OVERFLOW_KM = {
  town: [2, 3, 4, 6, 8, 16, 32, 64],
  wyndham: [16, 24, 32, 48, 64, 128, 256, 512],
} as const;

const sections = [`${describeRun()}\n- ${iterations} steps of the search a day`];
{
  await using pool = new SimulationPool(wholeNumber('threads', values.threads));
  if (values.only !== 'wyndham') await contest('town', pool);
  if (values.only !== 'town') {
    if (hasWyndham()) await contest('wyndham', pool);
    else sections.push('**Wyndham’s bins were SKIPPED: their data are not here.**');
  }
}
const report = sections.join('\n\n');
console.log(report);
if (values.write) await writeFigures('policies', report);

async function contest(kind: WorldChoice['kind'], pool: SimulationPool): Promise<void> {
  const choices = seeds.map((seed) => ({ kind, seed, days, binCount }));
  const first = createWorld({ kind, seed: 1, days: 1, binCount });
  const standings: Standing[] = [];
  const tell = (line: string): void => console.error(line);
  for (const entry of entriesFor(first.bins.length, OVERFLOW_KM[kind])) {
    standings.push(await stand(entry, choices, { pool, iterations, tell }));
  }
  sections.push(reportContest({ worldName: first.name, seeds, days, standings }));
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`Expected --${name} to be a whole number above 0, got ${text}`);
}
