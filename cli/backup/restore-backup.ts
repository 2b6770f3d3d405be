import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'kysely';
import { errorText } from '../../domain/error-text.ts';
import { findJournals, findMovedAside } from '../../journal/find-journals.ts';
import { journalPaths, lockDoor } from '../../journal/journal-file.ts';
import { closeStore, openStore } from '../../store/database.ts';
import { claimDataFolder } from '../data-folder-locks.ts';
import { dataPaths, ensureDataFolder } from '../data-folder.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { databaseName, isPostgres } from '../open-store.ts';
import type { Settings } from '../settings/settings.ts';
import { flushPath } from './flush-path.ts';
import type { Manifest } from './manifest.ts';
import { restorePostgres } from './postgres-tools.ts';
import { verifyBackup } from './verify-backup.ts';

/** What a restore did. */
export interface Restored {
  readonly manifest: Manifest;
  /** Where the files are that were in the way; `undefined` when there were none. */
  readonly movedTo: string | undefined;
}

/**
 * Puts a verified backup into the data folder of the settings (and PostgreSQL, which must be empty). Files in the way are
 * moved aside, never deleted. Throws a {@link Refusal}, with nothing changed, when the backup is damaged, another Tunna uses the
 * folder, or the database of the settings is of another kind.
 */
export async function restoreBackup(
  settings: Settings,
  folder: string,
  nowMs: number,
): Promise<Restored> {
  const { manifest, mistakes } = await verifyBackup(folder);
  if (mistakes.length > 0) {
    throw new Refusal(EXIT.failure, `The backup is damaged: ${mistakes.join('; ')}`);
  }
  const wanted = isPostgres(settings) ? 'postgres' : 'sqlite';
  if (manifest.database.kind !== wanted) {
    const message = `The backup is of ${manifest.database.kind}, but TUNNA_DATABASE_URL means ${wanted}`;
    throw new Refusal(EXIT.config, message);
  }
  ensureDataFolder(settings.dataFolder);
  if (!claimDataFolder(settings.dataFolder)) {
    const message = `Parts of Tunna run on the data folder ${settings.dataFolder}; stop them first`;
    throw new Refusal(EXIT.unavailable, message);
  }
  assertDoorsFree(settings);
  if (wanted === 'postgres') await assertEmpty(settings);
  const movedTo = moveAside(settings, nowMs);
  const { journals } = dataPaths(settings.dataFolder);
  mkdirSync(journals, { recursive: true, mode: 0o700 });
  for (const { file } of manifest.journals) {
    copyDurably(path.join(folder, file), path.join(journals, path.basename(file)));
  }
  const saved = path.join(folder, manifest.database.file);
  if (wanted === 'postgres') await restorePostgres(settings.database, saved);
  else copyDurably(saved, settings.database);
  for (const changed of [journals, path.dirname(settings.database), settings.dataFolder]) {
    if (existsSync(changed)) flushPath(changed);
  }
  return { manifest, movedTo };
}

/** A broker that runs alone holds its journal, and would go on writing to the file that was moved aside. */
function assertDoorsFree(settings: Settings): void {
  const { journals } = dataPaths(settings.dataFolder);
  const damaged = new Set(findMovedAside(journals));
  for (const file of findJournals(journals)) {
    if (damaged.has(file)) continue;
    const { lockFile } = journalPaths(journals, path.basename(file, '.sqlite'));
    try {
      lockDoor(lockFile).close();
    } catch (error) {
      throw new Refusal(EXIT.unavailable, `${errorText(error)}; stop it first`, { cause: error });
    }
  }
}

function copyDurably(from: string, to: string): void {
  copyFileSync(from, to);
  flushPath(to);
}

/** Moves journals and a SQLite database, with what SQLite keeps beside them, to a new folder. */
function moveAside(settings: Settings, nowMs: number): string | undefined {
  const { journals } = dataPaths(settings.dataFolder);
  const stamp = new Date(nowMs).toISOString().replaceAll(':', '-');
  const aside = path.join(settings.dataFolder, `before-restore-${stamp}`);
  const inTheWay = [
    ...listFiles(journals).map((file) => [file, path.join(aside, 'journals')] as const),
    ...(isPostgres(settings) ? [] : listDatabaseFiles(settings.database)).map(
      (file) => [file, aside] as const,
    ),
  ];
  for (const [file, target] of inTheWay) {
    mkdirSync(target, { recursive: true, mode: 0o700 });
    renameSync(file, path.join(target, path.basename(file)));
  }
  return inTheWay.length === 0 ? undefined : aside;
}

function listFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => path.join(folder, name));
}

function listDatabaseFiles(file: string): string[] {
  return ['', '-wal', '-shm'].map((end) => `${file}${end}`).filter((name) => existsSync(name));
}

async function assertEmpty(settings: Settings): Promise<void> {
  const store = openStore(settings.database);
  try {
    const tables = await store.db.introspection.getTables({ withInternalKyselyTables: true });
    await sql`select 1`.execute(store.db);
    if (tables.length === 0) return;
  } finally {
    await closeStore(store);
  }
  const message = `The database (${databaseName(settings)}) is not empty; a restore wants an empty one, so that nothing is lost`;
  throw new Refusal(EXIT.failure, message);
}
