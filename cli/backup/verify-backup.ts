import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { errorText } from '../../domain/error-text.ts';
import { openJournalReader } from '../../journal/reader.ts';
import { describeFile, readManifest } from './manifest.ts';
import type { Manifest, SavedFile } from './manifest.ts';
import { checkPostgresDump } from './postgres-tools.ts';
import { describeSqlite } from './save-database.ts';

/** What verifying found. No mistakes: the backup can be restored, and holds what it says. */
export interface Verification {
  readonly manifest: Manifest;
  readonly mistakes: readonly string[];
}

const RECORDS_PER_READ = 5_000;

/**
 * Reads everything in a backup: every byte against its checksum, the databases against SQLite's own check, the counts
 * against the manifest, and every record of the journals against its own checksum. Throws a {@link Refusal} when there is no
 * manifest to go by.
 */
export async function verifyBackup(folder: string): Promise<Verification> {
  const manifest = readManifest(folder);
  const mistakes: string[] = [];
  for (const file of [manifest.database, ...manifest.journals]) {
    mistakes.push(...(await attempt(file.file, () => checkBytes(folder, file))));
  }
  // What is damaged already would only fail in many words.
  if (mistakes.length > 0) return { manifest, mistakes };
  const { database, journals } = manifest;
  mistakes.push(...(await attempt(database.file, () => checkDatabase(folder, database))));
  for (const journal of journals) {
    mistakes.push(...(await attempt(journal.file, () => checkJournal(folder, journal))));
  }
  return { manifest, mistakes };
}

async function attempt(name: string, check: () => string[] | Promise<string[]>): Promise<string[]> {
  try {
    return (await check()).map((mistake) => `${name}: ${mistake}`);
  } catch (error) {
    return [`${name}: ${errorText(error)}`];
  }
}

async function checkBytes(folder: string, saved: SavedFile): Promise<string[]> {
  const { bytes, sha256 } = await describeFile(folder, saved.file);
  if (bytes !== saved.bytes) return [`has ${bytes} bytes instead of ${saved.bytes}`];
  return sha256 === saved.sha256 ? [] : ['is not what was saved: its checksum differs'];
}

async function checkDatabase(folder: string, saved: Manifest['database']): Promise<string[]> {
  const file = path.join(folder, saved.file);
  if (saved.kind === 'postgres') {
    await checkPostgresDump(file);
    return checkTally(saved);
  }
  const found = await describeSqlite(file);
  const counts = (['uplinks', 'readings'] as const)
    .filter((table) => found[table] !== saved[table])
    .map((table) => `holds ${found[table]} ${table} instead of ${saved[table]}`);
  return [...checkIntegrity(file), ...counts, ...checkTally(found)];
}

/** Conservation: what was taken off the journals was stored, a copy, or set aside. */
function checkTally({ tally, taken }: Pick<Manifest['database'], 'tally' | 'taken'>): string[] {
  const accounted = Object.values(tally).reduce((sum, count) => sum + count, 0);
  if (taken === accounted) return [];
  return [`${taken} messages were taken off the journals, but ${accounted} are accounted for`];
}

function checkIntegrity(file: string): string[] {
  const database = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    // Safe: the pragmas return rows of this shape.
    const rows = database.pragma('integrity_check(10)') as { integrity_check: string }[];
    const strays = database.pragma('foreign_key_check') as unknown[];
    const found = rows.map((row) => row.integrity_check).filter((text) => text !== 'ok');
    return strays.length === 0
      ? found
      : [...found, `${strays.length} rows point to rows that are missing`];
  } finally {
    database.close();
  }
}

function checkJournal(folder: string, saved: Manifest['journals'][number]): string[] {
  const file = path.join(folder, saved.file);
  const mistakes = checkIntegrity(file);
  const reader = openJournalReader(file);
  try {
    if (reader.id !== saved.id) mistakes.push(`is another journal than the one that was saved`);
    let corrupt = 0;
    for (let seq = 0; ;) {
      const batch = reader.read(seq, RECORDS_PER_READ);
      corrupt += batch.corrupt.length;
      const read = [...batch.records, ...batch.corrupt];
      if (read.length === 0) break;
      seq = Math.max(...read.map((record) => record.seq));
    }
    if (corrupt > 0) mistakes.push(`${corrupt} records are not what was written`);
    return mistakes;
  } finally {
    reader.close();
  }
}
