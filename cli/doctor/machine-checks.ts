import { accessSync, constants, statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { errorText } from '../../domain/error-text.ts';
import { isPageFresh, PAGE_FOLDER } from '../page-build.ts';
import { fail, ok, warn } from './check.ts';
import type { Finding } from './check.ts';

/** From here on it runs TypeScript as it is, without a warning. */
const OLDEST_NODE = [24, 12] as const;
/** A town of 160 bins writes about 2 GB a year. */
const LITTLE_SPACE_BYTES = 2 * 1024 ** 3;
const NO_SPACE_BYTES = 100 * 1024 ** 2;

export function checkNode(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  const isNew = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  if (isNew) return ok('node', version);
  return fail('node', `${version} is too old; ${OLDEST_NODE.join('.')} or newer is needed`);
}

/** Opening a database refuses a version that is known to damage files; here it only says which one it is. */
export function checkSqlite(): Finding {
  const database = new Sqlite(':memory:');
  const version = String(database.prepare('select sqlite_version()').pluck().get());
  database.close();
  return ok('sqlite', version);
}

export function checkDataFolder(folder: string): Finding {
  const name = 'data folder';
  try {
    const existing = nearestFolder(folder);
    accessSync(existing, constants.W_OK);
    const { bavail, bsize } = statfsSync(existing);
    const freeBytes = bavail * bsize;
    const detail = `${folder}, ${(freeBytes / 1024 ** 3).toFixed(1)} GB free`;
    if (freeBytes < NO_SPACE_BYTES) return fail(name, detail);
    if (existing !== folder) return warn(name, `${detail}; it is not there yet, a start makes it`);
    return freeBytes < LITTLE_SPACE_BYTES ? warn(name, detail) : ok(name, detail);
  } catch (error) {
    return fail(name, `${folder} (TUNNA_DATA_DIR): ${errorText(error)}`);
  }
}

/** The folder, or the one in which it would be made. Throws when something on the way is no folder. */
function nearestFolder(folder: string): string {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) return nearestFolder(path.dirname(folder));
  if (stat.isDirectory()) return folder;
  throw new Error(`${folder} is not a folder`);
}

export function checkPage(): Finding {
  if (isPageFresh()) return ok('page', `built in ${PAGE_FOLDER}`);
  return warn('page', 'not built, or older than its sources; "tunna start" builds it');
}
