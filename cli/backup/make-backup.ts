import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { errorText } from '../../domain/error-text.ts';
import { findJournals } from '../../journal/find-journals.ts';
import { openJournalReader } from '../../journal/reader.ts';
import { dataPaths } from '../data-folder.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { withStore } from '../open-store.ts';
import { readVersion } from '../read-version.ts';
import type { Settings } from '../settings/settings.ts';
import { flushPath } from './flush-path.ts';
import { BACKUP_FORMAT, describeFile, JOURNALS_FOLDER, MANIFEST_FILE } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { copySqlite, saveDatabase } from './save-database.ts';
import type { DatabaseCopy } from './save-database.ts';

/** A backup grows under this ending; it gets its own name when it is whole. */
const UNFINISHED = '.unfinished';

/**
 * Saves journals and database to a new folder, while Tunna runs or not. The journals come first: what ingest stores and
 * prunes meanwhile is in the database, which comes after. So every message acknowledged before the beginning is in the
 * backup, and of each door it holds a beginning without gaps. Throws a {@link Refusal}, and leaves nothing behind, when it
 * cannot be made.
 */
export async function makeBackup(
  settings: Settings,
  folder: string,
  now: () => number,
): Promise<Manifest> {
  if (existsSync(folder)) {
    throw new Refusal(EXIT.usage, `${folder} is there already; a backup makes a new folder`);
  }
  const draft = `${folder}${UNFINISHED}`;
  rmSync(draft, { recursive: true, force: true });
  try {
    mkdirSync(path.join(draft, JOURNALS_FOLDER), { recursive: true, mode: 0o700 });
    const startedAt = new Date(now()).toISOString();
    const journals = saveJournals(settings, draft);
    const database = await withStore(settings, (store) => saveDatabase(store, draft));
    const manifest: Manifest = {
      format: BACKUP_FORMAT,
      version: readVersion(),
      startedAt,
      finishedAt: new Date(now()).toISOString(),
      ...(await describeCopies(draft, database, journals)),
    };
    writeFileSync(path.join(draft, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
    makeDurable(draft, manifest);
    renameSync(draft, folder);
    flushPath(path.dirname(path.resolve(folder)));
    return manifest;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (error instanceof Refusal) throw error;
    throw new Refusal(EXIT.failure, `No backup was made: ${errorText(error)}`, { cause: error });
  }
}

/** Copies every journal. Returns their names in the backup. */
function saveJournals(settings: Settings, draft: string): string[] {
  return findJournals(dataPaths(settings.dataFolder).journals).map((file) => {
    const name = `${JOURNALS_FOLDER}/${path.basename(file)}`;
    copySqlite(file, path.join(draft, name));
    return name;
  });
}

async function describeCopies(
  draft: string,
  { cursors, ...database }: DatabaseCopy,
  journals: readonly string[],
): Promise<Pick<Manifest, 'database' | 'journals'>> {
  const described: Manifest['journals'] = [];
  for (const file of journals) {
    const reader = openJournalReader(path.join(draft, file));
    const { id, door } = reader;
    const newestSeq = reader.newestSeq();
    reader.close();
    const backlog = Math.max(0, newestSeq - (cursors.get(id) ?? 0));
    described.push({ ...(await describeFile(draft, file)), door, id, newestSeq, backlog });
  }
  return {
    database: { ...database, ...(await describeFile(draft, database.file)) },
    journals: described,
  };
}

/** A backup that a power cut empties is none. */
function makeDurable(draft: string, manifest: Manifest): void {
  const files = [manifest.database, ...manifest.journals].map(({ file }) => file);
  for (const name of [...files, MANIFEST_FILE, JOURNALS_FOLDER, '.'])
    flushPath(path.join(draft, name));
}
