import { existsSync } from 'node:fs';
import { errorText } from '../../domain/error-text.ts';
import { findJournals, findMovedAside } from '../../journal/find-journals.ts';
import { openJournalReader, readJournalEnds } from '../../journal/reader.ts';
import { readAccounts } from '../../store/accounts.ts';
import type { Accounts } from '../../store/accounts.ts';
import { readCursor } from '../../store/cursors.ts';
import { closeStore, openStore } from '../../store/database.ts';
import type { Store } from '../../store/database.ts';
import { listPrincipals } from '../../store/principals.ts';
import { findPendingMigrations } from '../../store/migrate.ts';
import { dataPaths } from '../data-folder.ts';
import { databaseName, isPostgres } from '../open-store.ts';
import type { Settings } from '../settings/settings.ts';
import { fail, ok, warn } from './check.ts';
import type { Finding } from './check.ts';

/** More than this many messages behind, levels on the map are old. */
const MUCH_LAG = 1000;

/** The database and its schema, and how far ingest has come with each journal. */
export async function checkStore(settings: Settings): Promise<Finding[]> {
  const name = databaseName(settings);
  if (!isPostgres(settings) && !existsSync(settings.database)) {
    return [warn('database', `${name} is not there yet; "tunna migrate" makes it`)];
  }
  let store: Store | undefined;
  try {
    store = openStore(settings.database);
    const pending = await findPendingMigrations(store);
    if (pending.length > 0) {
      return [fail('database', `${name} lacks ${pending.join(', ')}; run "tunna migrate"`)];
    }
    return [
      ok('database', name),
      ...(await checkClones(store)),
      ...(await checkJournals(store, settings.dataFolder)),
    ];
  } catch (error) {
    return [fail('database', `${name}: ${errorText(error)}`)];
  } finally {
    if (store !== undefined) await closeStore(store);
  }
}

async function checkJournals(store: Store, dataFolder: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  const files = findJournals(dataPaths(dataFolder).journals);
  for (const file of files) findings.push(await checkJournal(store, file));
  return [...findings, ...findDamaged(dataFolder), await checkAccounts(store, files)];
}

/** Nothing that was acknowledged may be missing from the books. */
async function checkAccounts(store: Store, files: readonly string[]): Promise<Finding> {
  const name = 'messages';
  try {
    // One that cannot be read has failed a check of its own already.
    const journals = files.flatMap((file) => readEndsIfSound(file));
    const accounts = await readAccounts(store.db, journals);
    const { unaccounted } = accounts;
    if (unaccounted === 0) return ok(name, describeAccounts(accounts));
    const what =
      unaccounted > 0 ? `${unaccounted} are lost` : `${-unaccounted} are counted more than once`;
    return fail(name, `${describeAccounts(accounts)}: ${what}`);
  } catch (error) {
    return fail(name, errorText(error));
  }
}

function readEndsIfSound(file: string): ReturnType<typeof readJournalEnds>[] {
  try {
    return [readJournalEnds(file)];
  } catch {
    return [];
  }
}

function describeAccounts({ doors, tally }: Accounts): string {
  const count = (outcome: string): number =>
    tally.reduce((sum, entry) => sum + (entry.outcome === outcome ? entry.count : 0), 0);
  const accepted = doors.reduce((sum, door) => sum + door.accepted, 0);
  const backlog = doors.reduce((sum, door) => sum + door.backlog, 0);
  const became = `${count('stored')} stored, ${count('duplicate')} copies, ${count('quarantined')} set aside`;
  return `of ${accepted} accepted ${became}, ${backlog} wait for ingest`;
}

async function checkClones(store: Store): Promise<Finding[]> {
  const principals = await listPrincipals(store);
  return principals
    .filter(({ revokedAtMs, suspicion }) => revokedAtMs === null && suspicion !== null)
    .map(({ id }) =>
      warn('clone', `two clients may use the credential of ${id}; see "tunna device list"`),
    );
}

function findDamaged(dataFolder: string): Finding[] {
  return findMovedAside(dataPaths(dataFolder).journals).map((file) =>
    warn('damaged journal', `${file} was moved aside; keep it until you know what it has lost`),
  );
}

async function checkJournal(store: Store, file: string): Promise<Finding> {
  try {
    const reader = openJournalReader(file);
    try {
      // A journal restored from a copy may be older than the database.
      const lag = Math.max(0, reader.newestSeq() - (await readCursor(store, reader.id)));
      const name = `journal ${reader.door}`;
      const detail = `${lag} of ${reader.newestSeq()} messages wait for ingest`;
      return lag > MUCH_LAG ? warn(name, detail) : ok(name, detail);
    } finally {
      reader.close();
    }
  } catch (error) {
    return fail(`journal ${file}`, errorText(error));
  }
}
