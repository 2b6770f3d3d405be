import { parseArgs } from 'node:util';
import { provision } from '../../tests/servers/provision.ts';
import { describeRun } from '../machine.ts';
import { writeFigures } from '../write-figures.ts';
import { measureGrowth } from './measure-growth.ts';
import type { GrowthRow } from './measure-growth.ts';
import { measureIdle } from './measure-idle.ts';
import { measureLoad } from './measure-load.ts';
import type { LoadFigures } from './measure-load.ts';
import { describePeers } from './peer-versions.ts';
import { IDLE_KINDS, planContests } from './plan.ts';
import { writeReport } from './report.ts';

// Tunna beside what one would take instead: rates, latencies, CPU time, memory. Prints Markdown; with --write it goes into
// docs/performance.md. What goes on meanwhile goes to stderr. See that page for what is measured.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    /** A part of the messages, for a first look. */
    scale: { type: 'string', default: '1' },
    /** Only the loads whose titles contain this. */
    only: { type: 'string', default: '' },
    idle: { type: 'string', default: '3000' },
    bins: { type: 'string', default: '1000,10000,100000' },
    write: { type: 'boolean', default: false },
  },
});

const missing = await provision(['mosquitto', 'influxdb', 'nats-server']);
if (missing.length > 0) throw new Error(`Debian packages are missing: ${missing.join(', ')}`);

const intro = `${describeRun()}\n- ${await describePeers()}\n- median of ${values.rounds} interleaved rounds (lowest–highest)`;
const contests = planContests(Number(values.scale)).filter(({ title }) =>
  title.includes(values.only),
);
const figures = new Map<string, Map<string, LoadFigures[]>>();
const idleKib = new Map<string, number[]>();
const growth = values.bins
  .split(',')
  .filter((text) => text !== '')
  .map((text) => ({ bins: Number(text), rounds: [] as GrowthRow['rounds'][number][] }));

// Interleaved, so that a noisy minute does not fall on one of them alone.
for (let round = 1; round <= Number(values.rounds); round += 1) {
  for (const { title, load, kinds } of contests) {
    const known = figures.get(title) ?? new Map<string, LoadFigures[]>();
    figures.set(title, known);
    for (const kind of kinds) {
      const found = await measureLoad(kind, load);
      known.set(kind.name, [...(known.get(kind.name) ?? []), found]);
      tell(`round ${round}: ${title}: ${kind.name}`, found);
    }
  }
  for (const kind of Number(values.idle) > 0 ? IDLE_KINDS : []) {
    const kib = await measureIdle(kind, Number(values.idle));
    idleKib.set(kind.name, [...(idleKib.get(kind.name) ?? []), kib]);
    tell(`round ${round}: idle: ${kind.name}`, kib);
  }
  for (const row of growth) {
    const found = await measureGrowth(row.bins);
    row.rounds.push(found);
    tell(`round ${round}: ${row.bins} bins`, found);
  }
}

const report = writeReport(intro, contests, { contests: figures, idleKib }, growth);
process.stdout.write(`${report}\n`);
if (values.write) await writeFigures('performance', report);

function tell(what: string, found: unknown): void {
  process.stderr.write(`${what}: ${JSON.stringify(found)}\n`);
}
