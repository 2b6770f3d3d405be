import type { Logger } from 'pino';
import { closeStore } from '../../store/database.ts';
import type { Store } from '../../store/database.ts';
import { createLog } from '../create-log.ts';
import { EXIT } from '../exit-codes.ts';
import { loadSettings } from '../load-settings.ts';
import { openCurrentStore } from '../open-store.ts';
import { reportFailure } from '../report-failure.ts';
import type { Settings } from '../settings/settings.ts';
import type { Addresses, PartMessage, PartName } from '../supervise/part-message.ts';
import { explainListenError } from './listen-error.ts';

/** A part that has been put together. */
export interface Part {
  /** Resolves with the addresses once it does its work. */
  start(): Promise<Addresses>;
  stop(): Promise<void>;
}

export interface PartContext {
  readonly settings: Settings;
  readonly store: Store;
  readonly log: Logger;
  readonly now: () => number;
}

/** The supervisor kills what has not stopped after 4.5 s; alone or orphaned, a part does so itself. */
const STOP_DEADLINE_MS = 4_500;

/**
 * Runs a part until it is told to stop: by SIGTERM, by Ctrl-C when it runs alone, or by the end of the supervisor that
 * started it. Throws when it cannot start, which a supervisor is told instead.
 */
export async function runPart(
  name: PartName,
  create: (context: PartContext) => Promise<Part>,
): Promise<void> {
  const stopRequest = awaitStopRequest();
  try {
    await runUntil(stopRequest, name, create);
  } catch (error) {
    const { text, exitCode } = reportFailure(error);
    if (process.connected !== true) throw error;
    await tellSupervisor({ kind: 'refused', message: text ?? 'stopped' });
    process.exit(exitCode);
  }
  process.exit(EXIT.ok);
}

async function runUntil(
  stopRequest: Promise<string>,
  name: PartName,
  create: (context: PartContext) => Promise<Part>,
): Promise<void> {
  const { settings, warnings } = loadSettings();
  const log = createLog(name, settings.logLevel);
  // Under a supervisor, that one tells them once for all parts.
  if (process.connected !== true) for (const warning of warnings) log.warn(warning);
  const store = await openCurrentStore(settings);
  const part = await create({ settings, store, log, now: Date.now });
  try {
    const addresses = await part.start();
    log.info(addresses, 'ready');
    if (process.connected === true) await tellSupervisor({ kind: 'ready', addresses });
  } catch (error) {
    throw explainListenError(error, settings);
  }
  const why = await stopRequest;
  const deadline = setTimeout(() => {
    log.error('did not stop in time');
    process.exit(EXIT.failure);
  }, STOP_DEADLINE_MS);
  await part.stop();
  await closeStore(store);
  clearTimeout(deadline);
  log.info({ why }, 'stopped');
}

/** Resolves with the reason. A second Ctrl-C ends the process at once. */
function awaitStopRequest(): Promise<string> {
  return new Promise((resolve) => {
    process.on('SIGTERM', () => resolve('SIGTERM'));
    if (process.send !== undefined) {
      // Ctrl-C in a terminal reaches the whole group; the supervisor stops us in its own order.
      process.on('SIGINT', () => {});
      process.once('disconnect', () => resolve('the supervisor is gone'));
      return;
    }
    process.once('SIGINT', () => {
      resolve('SIGINT');
      process.once('SIGINT', () => process.exit(130));
    });
  });
}

function tellSupervisor(message: PartMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || process.connected !== true) return resolve();
    // A supervisor that is gone needs no message.
    process.send(message, undefined, undefined, () => resolve());
  });
}
