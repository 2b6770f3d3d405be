import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { Command } from 'commander';
import type { Logger } from 'pino';
import { createLog, showsColours } from '../create-log.ts';
import { claimDataFolder } from '../data-folder-locks.ts';
import { ensureDataFolder } from '../data-folder.ts';
import { prepareDemoTown } from '../demo/demo-town.ts';
import { EXIT } from '../exit-codes.ts';
import { loadSettings } from '../load-settings.ts';
import type { LoadedSettings } from '../load-settings.ts';
import { withStore } from '../open-store.ts';
import { surviveOutputErrors } from '../output-errors.ts';
import { buildPage, isPageBuilt, isPageFresh } from '../page-build.ts';
import { INGEST_FLAGS } from '../parts/ingest-flags.ts';
import { assertMayListen } from '../parts/may-listen.ts';
import type { Settings } from '../settings/settings.ts';
import { removeStartFile, writeStartFile } from '../start-file.ts';
import { awaitStopRequest, endAtNextSignal } from '../stop-request.ts';
import { formatPartLine } from '../supervise/part-log.ts';
import { PART_NAMES } from '../supervise/part-message.ts';
import type { Addresses, PartName } from '../supervise/part-message.ts';
import { Supervisor } from '../supervise/supervisor.ts';
import { migrateDatabase } from './migrate.ts';

const PART_MAIN = path.resolve(import.meta.dirname, '../part-main.ts');

/** The subcommand that is each part. */
const COMMANDS: Record<PartName, string> = {
  broker: 'broker',
  ingest: 'ingest',
  dashboard: 'dashboard',
  simulator: 'simulate',
};

export function addStartCommand(program: Command): void {
  program
    .command('start')
    .description('run everything: broker, ingest, dashboard, and outside production a demo town')
    .action(start);
}

async function start(): Promise<void> {
  const loaded = loadSettings();
  const { settings } = loaded;
  surviveOutputErrors();
  const log = createLog('tunna', settings.logLevel);
  for (const warning of loaded.warnings) log.warn(warning);
  ensureDataFolder(settings.dataFolder);
  // With a part left that hangs the start goes on: it will say which port or journal it cannot have.
  claimDataFolder(settings.dataFolder);
  writeStartFile(settings.dataFolder);
  try {
    await prepare(settings, log);
    await runUntilStopped(loaded, log);
  } finally {
    removeStartFile(settings.dataFolder);
  }
  log.info('everything has stopped');
  // A watcher of a library must not keep us alive.
  process.exit(EXIT.ok);
}

/**
 * What must be so before the parts start: page, schema, and the demo town's credentials. A signal ends the process here and
 * now, which harms nothing: a migration is one transaction.
 */
async function prepare(settings: Settings, log: Logger): Promise<void> {
  await preparePage(settings, log);
  for (const line of await migrateDatabase(settings)) log.info(line);
  await withStore(settings, async (store) => {
    if (settings.demo) await prepareDemoTown(settings, store, Date.now());
    await assertMayListen(store, settings.bind);
  });
}

async function runUntilStopped(loaded: LoadedSettings, log: Logger): Promise<void> {
  const stopRequest = awaitStopRequest().then(() => 'stop' as const);
  const forPeople = process.stdout.isTTY;
  const colour = showsColours(process.stdout);
  const supervisor = new Supervisor({
    parts: listParts(loaded.settings),
    spawn: (part) => spawnPart(part, loaded),
    onLine: (part, line) => {
      const text = formatPartLine(part, line, { forPeople, colour, nowMs: Date.now() });
      process.stdout.write(`${text}\n`);
    },
    onRestart: (part, how, delayMs) => {
      log.warn({ ended: part, how, delayMs }, 'a part ended and will be started again');
    },
    onKill: (part) => log.error({ killed: part }, 'a part did not stop in time and was killed'),
  });
  void stopRequest.then(() =>
    endAtNextSignal((exitCode) => {
      supervisor.kill();
      removeStartFile(loaded.settings.dataFolder);
      log.warn('ended at once, at a second signal');
      process.exit(exitCode);
    }),
  );
  try {
    const addresses = await Promise.race([supervisor.start(), stopRequest]);
    if (addresses === 'stop') return;
    tellAddresses(addresses, forPeople, log.info.bind(log));
    await stopRequest;
  } finally {
    await supervisor.stop();
  }
}

function listParts({ demo, hasExternalBroker }: Settings): readonly PartName[] {
  return PART_NAMES.filter((name) => {
    if (name === 'simulator') return demo;
    return name !== 'broker' || !hasExternalBroker;
  });
}

/** In production a page is built on purpose, and often by somebody who may write where the server may not. */
async function preparePage(settings: Settings, log: Logger): Promise<void> {
  if (isPageFresh()) return;
  if (settings.production && isPageBuilt()) {
    log.warn('the page is older than its sources; "npm run build" builds it');
    return;
  }
  log.info('building the page, which takes a few seconds');
  await buildPage();
}

function spawnPart(part: PartName, { raw }: LoadedSettings): ChildProcess {
  return fork(PART_MAIN, [COMMANDS[part]], {
    // With what we have read ourselves: a changed `.env` must not reach only the part that is started again.
    env: { ...process.env, ...raw },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Flags of ours, such as the debugger's, are not for the parts.
    execArgv: part === 'ingest' ? INGEST_FLAGS : [],
  });
}

function tellAddresses(
  addresses: Addresses,
  forPeople: boolean,
  info: (fields: Addresses, message: string) => void,
): void {
  if (!forPeople) return info(addresses, 'Tunna is up');
  const width = Math.max(...Object.keys(addresses).map((name) => name.length));
  const lines = Object.entries(addresses).map(([name, url]) => `  ${name.padEnd(width)}  ${url}`);
  process.stdout.write(`\nTunna is up\n${lines.join('\n')}\n  Ctrl-C stops it\n\n`);
}
