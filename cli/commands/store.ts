import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { Option } from 'commander';
import type { Command } from 'commander';
import { errorText } from '../../domain/error-text.ts';
import { copyPoints } from '../../store/copy/copy-points.ts';
import { createInfluxSource, createSqlSource } from '../../store/copy/point-source.ts';
import type { Store } from '../../store/database.ts';
import { keepHours } from '../../store/influx/keep-hours.ts';
import { createLongMemory } from '../../store/influx/long-memory.ts';
import { CopyFile } from '../copy-file.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { withStore } from '../open-store.ts';
import { createInfluxServer } from '../parts/influx-server.ts';
import type { InfluxServer } from '../parts/influx-server.ts';
import { print } from '../print.ts';
import { parseSettings, readRawSettings } from '../settings/read-settings.ts';
import type { Settings } from '../settings/settings.ts';

interface CopyArguments {
  readonly from: 'sqlite' | 'influx1' | 'influx2';
  readonly to: 'influx1' | 'influx2';
  readonly fromSettings?: string;
  readonly toSettings?: string;
  readonly again?: true;
}

/** What readings are kept in. */
export function addStoreCommand(program: Command): void {
  const store = program.command('store').description('what readings are kept in');
  store
    .command('copy')
    .description('copy readings from one store to another, verified; goes on where it was ended')
    .addOption(
      new Option('--from <store>', 'sqlite is the SQL database, PostgreSQL too')
        .choices(['sqlite', 'influx1', 'influx2'])
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--to <store>', 'where to').choices(['influx1', 'influx2']).makeOptionMandatory(),
    )
    .option('--from-settings <file>', 'TUNNA_INFLUX_ settings of the source, as in .env')
    .option('--to-settings <file>', 'those of the target; otherwise those of Tunna')
    .option('--again', 'from the beginning, also what an earlier run has verified')
    .action(copy);
}

async function copy(options: CopyArguments): Promise<void> {
  const source = settingsOf(options.from, options.fromSettings);
  const target = settingsOf(options.to, options.toSettings);
  const to = createInfluxServer(target.history);
  const from = createInfluxServer(source.history);
  if (to === undefined) throw new Refusal(EXIT.usage, 'the target must be an InfluxDB');
  const names = { from: from?.target.name ?? 'sql', to: to.target.name };
  if (names.from === names.to) {
    const hint = 'say with --from-settings or --to-settings where the other one is';
    throw new Refusal(EXIT.usage, `source and target are the same store, ${names.to}; ${hint}`);
  }
  try {
    await withStore(target, (store) => run(store, { from, to, names, options, target }));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const hint = 'run the command again to go on';
    throw new Refusal(EXIT.failure, `the copy has stopped: ${errorText(error)}; ${hint}`, {
      cause: error,
    });
  } finally {
    await Promise.all([to.target.close(), from?.target.close()]);
  }
}

interface Run {
  readonly from: InfluxServer | undefined;
  readonly to: InfluxServer;
  readonly names: { readonly from: string; readonly to: string };
  readonly options: CopyArguments;
  readonly target: Settings;
}

async function run(store: Store, { from, to, names, options, target }: Run): Promise<void> {
  const file = new CopyFile(path.join(target.dataFolder, 'copies'), names);
  const resume = options.again === true ? undefined : file.read();
  if (resume !== undefined) {
    const until = new Date(resume.doneBeforeMs).toISOString();
    tell(`goes on at ${until}; ${resume.points} points are copied and verified`);
  }
  // Hours of readings that SQL has let go of come from the source where it is an InfluxDB, else they are computed.
  const memory = createLongMemory(to.query, to.target);
  const points = await copyPoints({
    source: from === undefined ? createSqlSource(store) : createInfluxSource(from.query, EXACTLY),
    target: from === undefined ? keepHours(to.target, { store, memory }) : to.target,
    back: createInfluxSource(to.query, { exact: false }),
    resume,
    onSpan(progress, whole) {
      file.write(progress);
      const done = (progress.doneBeforeMs - whole.fromMs) / (whole.toMs + 1 - whole.fromMs);
      const until = new Date(progress.doneBeforeMs).toISOString();
      tell(`${Math.floor(done * 100)} %, until ${until}: ${progress.points} points verified`);
    },
  });
  print(`${points} points of ${names.from} are in ${names.to}, and read back the same`);
}

const EXACTLY = { exact: true } as const;

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** The settings with another store, and with what a file says over them. Throws a {@link Refusal}. */
function settingsOf(kind: Settings['history']['kind'], file: string | undefined): Settings {
  const folder = process.cwd();
  const raw = {
    ...readRawSettings(process.env, folder),
    ...(file === undefined ? {} : readSettingsFile(path.resolve(folder, file))),
    TUNNA_STORE: kind,
  };
  const result = parseSettings(raw, folder);
  if (!result.ok) throw new Refusal(EXIT.config, result.mistakes.join('\n  '));
  return result.settings;
}

function readSettingsFile(file: string): Record<string, string | undefined> {
  try {
    const all = Object.entries(parseEnv(readFileSync(file, 'utf8')));
    return Object.fromEntries(all.filter(([name]) => name.startsWith('TUNNA_INFLUX_')));
  } catch (error) {
    throw new Refusal(EXIT.config, `${file} cannot be read: ${errorText(error)}`, { cause: error });
  }
}
