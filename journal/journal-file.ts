import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';

/** Raised whenever older code could not read what newer code writes. */
const JOURNAL_FORMAT = 1;

/** WAL files written by older versions may be corrupted at a reset (sqlite.org/wal.html, 2026-03-13). */
const OLDEST_SAFE_SQLITE = 3_051_003;

/** How long a checkpoint waits for readers, whose queries take milliseconds. */
const BUSY_TIMEOUT_MS = 2_000;

/** A WAL that grew during a burst is cut back to this size at the next reset. */
const WAL_SIZE_LIMIT = 32 * 1024 * 1024;

/** Doors name files, so only these; the dot is left out to keep `<door>.lock` free, but for the number of a worker. */
const NAME_PATTERN = /^[a-z0-9-]{1,32}(\.w\d{1,3})?$/;

const SCHEMA = `
  create table records (
    seq integer primary key autoincrement,
    received_at integer not null,
    principal text,
    topic text not null,
    payload blob not null,
    qos integer not null,
    message_id integer,
    dup integer not null,
    backfill integer not null,
    crc integer not null
  );
  create table meta (key text primary key, value text not null);
`;

/** The files of a journal in the folder of journals. Throws when the name is no journal's. */
export function journalPaths(folder: string, name: string): { file: string; lockFile: string } {
  if (!NAME_PATTERN.test(name)) throw new Error(`"${name}" is not a door: ${NAME_PATTERN.source}`);
  return { file: join(folder, `${name}.sqlite`), lockFile: join(folder, `${name}.lock.sqlite`) };
}

/**
 * Holds the door until closed, against every process of this machine. The lock is the kernel's, so a killed process lets go.
 * Throws when somebody else holds it.
 */
export function lockDoor(lockFile: string): Sqlite.Database {
  createFolder(dirname(lockFile));
  const lock = new Sqlite(lockFile, { timeout: 0 });
  try {
    lock.exec('begin exclusive');
    return lock;
  } catch (error) {
    lock.close();
    throw new Error(`${lockFile} is held by another writer: a door has one at a time`, {
      cause: error,
    });
  }
}

/** A new folder is on disk only when its parent's list of names is. */
function createFolder(folder: string): void {
  const first = mkdirSync(folder, { recursive: true });
  if (first === undefined) return;
  const parent = openSync(dirname(first), 'r');
  try {
    fsyncSync(parent);
  } finally {
    closeSync(parent);
  }
}

/** Opens a journal for its writer, creating it when absent. Throws when it cannot promise durability. */
export function openJournalFile(file: string, door: string): Sqlite.Database {
  const database = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    assertSafeVersion(database);
    database.pragma('journal_mode = WAL');
    // better-sqlite3 is built with synchronous=NORMAL in WAL mode, which loses commits at a power cut.
    database.pragma('synchronous = FULL');
    if (database.pragma('synchronous', { simple: true }) !== 2) {
      throw new Error(`${file}: SQLite refused synchronous=FULL`);
    }
    database.pragma(`journal_size_limit = ${WAL_SIZE_LIMIT}`);
    startNewWal(database, file);
    createSchema(database, door);
    readMeta(database, file);
    return database;
  } catch (error) {
    database.close();
    if (!(error instanceof Sqlite.SqliteError)) throw error;
    throw new Error(`${file} cannot be opened as a journal`, { cause: error });
  }
}

/**
 * After a failed fsync the kernel may have forgotten WAL frames that still read well from its cache. What is appended
 * behind them would be lost with them, so they go into the database file and the WAL begins anew.
 */
function startNewWal(database: Sqlite.Database, file: string): void {
  // Safe: the pragma returns one row of these three numbers.
  const [result] = database.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
  if (result?.busy !== 0) throw new Error(`${file}: the WAL is in use and cannot be reset`);
}

function createSchema(database: Sqlite.Database, door: string): void {
  database
    .transaction(() => {
      if (hasMeta(database)) return;
      database.exec(SCHEMA);
      const insert = database.prepare('insert into meta (key, value) values (?, ?)');
      insert.run('format', String(JOURNAL_FORMAT));
      insert.run('id', randomUUID());
      insert.run('door', door);
    })
    .immediate();
}

function hasMeta(database: Sqlite.Database): boolean {
  const query = "select 1 from sqlite_schema where type = 'table' and name = 'meta'";
  return database.prepare(query).get() !== undefined;
}

/** What a journal says of itself. Throws when the file is none, or of a format this code does not know. */
export function readMeta(database: Sqlite.Database, file: string): { id: string; door: string } {
  if (!hasMeta(database)) throw new Error(`${file} is not a journal, or not one yet`);
  const select = database.prepare<[string], string>('select value from meta where key = ?').pluck();
  const format = select.get('format');
  if (format !== String(JOURNAL_FORMAT)) {
    throw new Error(`${file} has format ${format ?? 'unknown'}, this is ${JOURNAL_FORMAT}`);
  }
  const id = select.get('id');
  const door = select.get('door');
  if (id === undefined || door === undefined) throw new Error(`${file} does not say its id`);
  return { id, door };
}

/** The last number given out, whether or not its record has been pruned; 0 at first. */
export function readNewestSeq(database: Sqlite.Database): number {
  return prepareNewestSeq(database)();
}

/** The same for whoever asks at every commit. */
export function prepareNewestSeq(database: Sqlite.Database): () => number {
  const query = "select seq from sqlite_sequence where name = 'records'";
  const statement = database.prepare<[], number>(query).pluck();
  return () => statement.get() ?? 0;
}

/** Makes the next number be beyond `throughSeq`, if it is not already. Returns the last number given out. */
export function skipThrough(database: Sqlite.Database, throughSeq: number): number {
  database
    .transaction(() => {
      if (readNewestSeq(database) >= throughSeq) return;
      database.prepare("delete from sqlite_sequence where name = 'records'").run();
      const insert = "insert into sqlite_sequence (name, seq) values ('records', ?)";
      database.prepare(insert).run(throughSeq);
    })
    .immediate();
  return readNewestSeq(database);
}

function assertSafeVersion(database: Sqlite.Database): void {
  const version = String(database.prepare('select sqlite_version()').pluck().get());
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  if (major * 1_000_000 + minor * 1_000 + patch < OLDEST_SAFE_SQLITE) {
    throw new Error(`SQLite ${version} may corrupt its WAL; 3.51.3 or newer is needed`);
  }
}
