import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { errorText } from '../domain/error-text.ts';
import { EXIT, Refusal } from './exit-codes.ts';
import { findRunningStart } from './start-file.ts';

/** A part whose supervisor was killed ends itself within 4.5 s. */
const ORPHANS_WAIT_MS = 6_000;

/**
 * Makes this the only `tunna start` on the data folder, until the process ends: two would run two brokers and two simulated
 * towns. Waits for parts that a killed `tunna start` has left behind and that are still ending. Throws a {@link Refusal}
 * when another one runs. Returns whether no part is left: one that still holds the folder after that time hangs, or runs alone.
 */
export function claimDataFolder(dataFolder: string): boolean {
  if (!tryLock(startLockOf(dataFolder), 'exclusive', 0)) {
    const pid = findRunningStart(dataFolder);
    const which = pid === undefined ? '' : ` (process ${pid})`;
    const message = `another "tunna start"${which} runs on the data folder ${dataFolder}; set TUNNA_DATA_DIR to another, or stop it`;
    throw new Refusal(EXIT.unavailable, message);
  }
  const noParts = tryLock(partsLockOf(dataFolder), 'exclusive', ORPHANS_WAIT_MS);
  noParts?.close();
  return noParts !== undefined;
}

/** Tells the next `tunna start` that a part runs here, until this process ends. */
export function announcePart(dataFolder: string): void {
  tryLock(partsLockOf(dataFolder), 'shared', ORPHANS_WAIT_MS);
}

function startLockOf(dataFolder: string): string {
  return path.join(dataFolder, 'start.lock.sqlite');
}

function partsLockOf(dataFolder: string): string {
  return path.join(dataFolder, 'parts.lock.sqlite');
}

/** Locks that are never closed must not be collected. */
const held: Sqlite.Database[] = [];

/** A lock that SQLite holds ends with its process, however that ends. Undefined when somebody else has it. */
function tryLock(
  file: string,
  kind: 'exclusive' | 'shared',
  timeout: number,
): Sqlite.Database | undefined {
  const lock = new Sqlite(file, { timeout });
  try {
    if (kind === 'exclusive') lock.exec('begin exclusive');
    // A transaction locks with its first read.
    else lock.exec('begin; select count(*) from sqlite_master');
    held.push(lock);
    return lock;
  } catch (error) {
    lock.close();
    if (error instanceof Sqlite.SqliteError && error.code === 'SQLITE_BUSY') return undefined;
    throw new Refusal(EXIT.config, `${file} cannot be locked: ${errorText(error)}`, {
      cause: error,
    });
  }
}
