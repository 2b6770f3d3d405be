import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { errorText } from '../exit-codes.ts';
import { isPageFresh, PAGE_FOLDER } from '../page-build.ts';
import { fail, ok, warn } from './check.ts';
import type { Finding } from './check.ts';

/** As in `engines` of package.json. */
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
  if (!existsSync(folder))
    return warn('data folder', `${folder} is not there yet; a start makes it`);
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    const freeBytes = bavail * bsize;
    const detail = `${folder}, ${(freeBytes / 1024 ** 3).toFixed(1)} GB free`;
    if (freeBytes < NO_SPACE_BYTES) return fail('data folder', detail);
    return freeBytes < LITTLE_SPACE_BYTES ? warn('data folder', detail) : ok('data folder', detail);
  } catch (error) {
    return fail('data folder', errorText(error));
  }
}

export function checkPage(): Finding {
  if (isPageFresh()) return ok('page', `built in ${PAGE_FOLDER}`);
  return warn('page', 'not built, or older than its sources; "tunna start" builds it');
}
