import type { Logger } from 'pino';
import { closeStore } from '../../store/database.ts';
import type { Store } from '../../store/database.ts';
import { createLog } from '../create-log.ts';
import { announcePart } from '../data-folder-locks.ts';
import { EXIT } from '../exit-codes.ts';
import { loadSettings } from '../load-settings.ts';
import { openCurrentStore } from '../open-store.ts';
import { surviveOutputErrors } from '../output-errors.ts';
import { reportFailure } from '../report-failure.ts';
import type { Settings } from '../settings/settings.ts';
import { awaitStopRequest, awaitSupervisorsStopRequest, endAtNextSignal } from '../stop-request.ts';
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
  surviveOutputErrors();
  const isSupervised = process.send !== undefined;
  const stopRequest = isSupervised ? awaitSupervisorsStopRequest() : awaitStopRequest();
  if (!isSupervised) void stopRequest.then(() => endAtNextSignal((code) => process.exit(code)));
  // Killed before we had loaded: nobody wants us.
  else if (process.connected !== true) process.exit(EXIT.ok);
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
  void stopRequest.then(() => endInTime(log));
  if (process.send !== undefined) announcePart(settings.dataFolder);
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
  await part.stop();
  await closeStore(store);
  log.info({ why }, 'stopped');
}

/** Also while it is still starting, which may hang as well. */
function endInTime(log: Logger): void {
  setTimeout(() => {
    log.error('did not stop in time');
    process.exit(EXIT.failure);
  }, STOP_DEADLINE_MS);
}

function tellSupervisor(message: PartMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || process.connected !== true) return resolve();
    // A supervisor that is gone needs no message.
    process.send(message, undefined, undefined, () => resolve());
  });
}
