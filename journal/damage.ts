import { closeSync, existsSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { openJournalReader } from './reader.ts';

/** A journal's file that was in the way of a sound one. */
export interface MovedAside {
  /** What was wrong with it. */
  readonly reason: string;
  /** Where it is now; nothing of it was changed. */
  readonly movedTo: string;
}

/** The first bytes of every SQLite file (sqlite.org/fileformat2.html, 1.2). */
const MAGIC = Buffer.from('SQLite format 3\0');

interface Damage {
  readonly reason: string;
  /** SQLite can open it, so that a reader may find sound records in it. */
  readonly isReadable: boolean;
}

/**
 * Moves a journal's file out of the way when it is damaged, so that the door can open again: to
 * `{door}-damaged-{time}.sqlite` when records may still be read from it, which ingest then does, else to
 * `{file}.corrupt.{time}`. Returns `undefined` when the file is sound, or not there yet.
 */
export function moveDamagedAside(file: string, nowMs: number): MovedAside | undefined {
  const damage = findDamage(file);
  if (damage === undefined) return undefined;
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:.]/g, '').toLowerCase();
  const movedTo = damage.isReadable
    ? `${file.replace(/\.sqlite$/, '')}-damaged-${stamp}.sqlite`
    : `${file}.corrupt.${stamp}`;
  // What SQLite keeps beside a database belongs to it, above all a WAL with the newest records.
  for (const end of ['-wal', '-shm', '']) {
    if (existsSync(`${file}${end}`)) renameSync(`${file}${end}`, `${movedTo}${end}`);
  }
  return { reason: damage.reason, movedTo };
}

function findDamage(file: string): Damage | undefined {
  if (!existsSync(file)) return undefined;
  // SQLite takes an empty file for a new database: a journal that lost everything would begin again in silence.
  if (statSync(file).size === 0) return { reason: 'it is empty', isReadable: false };
  if (!readStart(file).equals(MAGIC)) return { reason: 'it is no SQLite file', isReadable: false };
  return checkPages(file);
}

function readStart(file: string): Buffer {
  const start = Buffer.alloc(MAGIC.length);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, start);
    return start;
  } finally {
    closeSync(handle);
  }
}

function checkPages(file: string): Damage | undefined {
  const database = new Sqlite(file);
  try {
    const found = database.pragma('quick_check(1)', { simple: true });
    return found === 'ok' ? undefined : { reason: String(found), isReadable: isJournal(file) };
  } catch (error) {
    if (!(error instanceof Sqlite.SqliteError)) throw error;
    // A full disk or a missing right is no damage: opening the file will tell.
    if (!/^SQLITE_(CORRUPT|NOTADB)/.test(error.code)) return undefined;
    return { reason: error.message, isReadable: isJournal(file) };
  } finally {
    database.close();
  }
}

/** Whether enough of it is left for a reader to know which journal it is. */
function isJournal(file: string): boolean {
  try {
    openJournalReader(file).close();
    return true;
  } catch {
    return false;
  }
}
