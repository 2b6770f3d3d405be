import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { INGEST_FLAGS } from '../../cli/parts/ingest-flags.ts';
import { closeStore, openStore } from '../../store/database.ts';
import { migrate } from '../../store/migrate.ts';
import { startPostgres } from '../../tests/servers/postgres.ts';
import { describeRun } from '../machine.ts';
import { markdownTable } from '../markdown-table.ts';
import { formatRounds } from '../statistics.ts';
import { readFigures } from './drain-figures.ts';
import type { DrainFigures } from './drain-figures.ts';
import { FORMS } from './messages.ts';
import type { Form } from './messages.ts';
import { fillJournal, registerTown } from './prepare-town.ts';

// How fast ingest stores what a journal already holds, and the CPU time it takes: ingest without broker and sensors beside it.
// Prints Markdown; what goes on meanwhile goes to stderr. Ends with 1 when anything is not stored, once.
//   --profiles FOLDER writes a CPU profile of each process that stores

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    messages: { type: 'string', default: '50000' },
    databases: { type: 'string', default: 'sqlite,postgres' },
    forms: { type: 'string', default: 'own,tts' },
    profiles: { type: 'string' },
  },
});
/** Enough for every part to be compiled and every table to have pages. */
const WARM_UP = 20_000;
const messages = Number(values.messages);
const profiling =
  values.profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profiles}`];
const flags = [...INGEST_FLAGS, ...profiling];

interface Case {
  readonly database: string;
  readonly form: Form;
}

const forms = values.forms.split(',').map((name) => {
  const form = new Map<string, Form>(Object.entries(FORMS)).get(name);
  if (form === undefined) throw new Error(`--forms are of ${Object.keys(FORMS).join(', ')}`);
  return form;
});
const cases = values.databases
  .split(',')
  .flatMap((database) => forms.map((form): Case => ({ database, form })));
const intro = describeRun();
const server = values.databases.includes('postgres') ? await startPostgres() : undefined;
const results = new Map<Case, DrainFigures[]>(cases.map((one) => [one, []]));
try {
  // Interleaved, so that a noisy minute does not fall on one case alone.
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    for (const one of cases) {
      const figures = await measure(one);
      results.get(one)?.push(figures);
      const name = `${one.database}, ${one.form.title}`;
      process.stderr.write(`round ${round}: ${name}: ${JSON.stringify(figures)}\n`);
    }
  }
} finally {
  await server?.stop();
}

const HEAD = ['database', 'message', 'stored/s', 'ingest µs', 'memory MiB'];
const rows = [...results].map(([{ database, form }, rounds]) => {
  const cell = (name: keyof DrainFigures): string => formatRounds(rounds.map((one) => one[name]));
  const title = `${form.title}, ${form.write(1, Date.now()).payload.length} bytes`;
  return [database, title, cell('storedPerSecond'), cell('cpuMicros'), cell('rssMib')];
});
process.stdout.write(
  `${intro}\n- ${messages} messages; median of ${values.rounds} rounds (lowest–highest)\n\n`,
);
process.stdout.write(`${markdownTable(HEAD, rows)}\n`);

/** Fills two journals, and lets a process of its own store them into an empty database. */
async function measure({ database, form }: Case): Promise<DrainFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'tunna-drain-'));
  try {
    const location =
      database === 'sqlite' ? join(folder, 'tunna.sqlite') : await server?.createDatabase();
    if (location === undefined) throw new Error('--databases are of sqlite, postgres');
    const store = openStore(location);
    await migrate(store, 0);
    await registerTown(store, form);
    await closeStore(store);
    const [warmUpFolder, journals] = [join(folder, 'warm-up'), join(folder, 'journals')];
    for (const one of [warmUpFolder, journals]) mkdirSync(one);
    fillJournal(warmUpFolder, form, { first: 0, count: WARM_UP });
    fillJournal(journals, form, { first: WARM_UP, count: messages });
    const script = join(import.meta.dirname, 'drain-process.ts');
    const args = [location, warmUpFolder, journals, String(WARM_UP), String(messages)];
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, script, ...args]);
    return readFigures(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
