import { statSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { readMeta, readNewestSeq } from './journal-file.ts';
import { toRecord } from './record-row.ts';
import type { RecordRow } from './record-row.ts';
import type { JournalRecord } from './record.ts';

/** The numbers a journal has given out and those it still has records of, as one moment shows them. */
export interface JournalEnds {
  readonly id: string;
  readonly door: string;
  /** The last number given out, its record pruned or not; 0 at first. */
  readonly newestSeq: number;
  /** Numbers of the first and the last record in the file; 0 when it has none. */
  readonly oldestKept: number;
  readonly newestKept: number;
}

const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;

const COLUMNS = 'seq, received_at, principal, topic, payload, qos, message_id, dup, backfill, crc';

export interface JournalBatch {
  readonly records: readonly JournalRecord[];
  /** Records that are not what was written, or cannot be read: the disk has changed them. */
  readonly corrupt: readonly { readonly seq: number }[];
}

/** Reads a journal while its writer goes on. */
export interface JournalReader {
  readonly id: string;
  readonly door: string;
  readonly file: string;
  /**
   * The next records after a number, oldest first: at most `limit`, sound and corrupt together, and about `maxBytes` of
   * payload, but at least one. Both lists empty: there is nothing more yet.
   */
  read(afterSeq: number, limit: number, maxBytes?: number): JournalBatch;
  newestSeq(): number;
  /** Whether anything was committed since the last `read`. Costs microseconds. */
  hasNews(): boolean;
  /** Every number is given to a record, so that one without a record has been lost. */
  readonly isGapless: boolean;
  /** Whether another file, or none, stands where this one was opened. */
  isReplaced(): boolean;
  close(): void;
}

/** Opens a journal for reading. Throws when the file is no journal, or not one yet. */
export function openJournalReader(file: string): JournalReader {
  const database = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    return new SqliteJournalReader(database, file);
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Looks at a journal without keeping it open. Throws when the file is no journal, or its ends cannot be read. */
export function readJournalEnds(file: string): JournalEnds {
  const database = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    // Numbers and records of one moment: what is committed between two looks would seem to lack its record.
    return database.transaction((): JournalEnds => {
      const meta = readMeta(database, file);
      const kept = database
        .prepare<[], { oldest: number | null; newest: number | null }>(
          'select (select min(seq) from records) as oldest, (select max(seq) from records) as newest',
        )
        .get();
      const newestSeq = readNewestSeq(database);
      return { ...meta, newestSeq, oldestKept: kept?.oldest ?? 0, newestKept: kept?.newest ?? 0 };
    })();
  } finally {
    database.close();
  }
}

class SqliteJournalReader implements JournalReader {
  readonly id: string;
  readonly door: string;
  readonly file: string;
  readonly isGapless = true;
  readonly #database: Sqlite.Database;
  readonly #next: Sqlite.Statement<[number, number], RecordRow>;
  readonly #one: Sqlite.Statement<[number], RecordRow>;
  readonly #version: Sqlite.Statement<[], number>;
  readonly #inode: number;
  #seenVersion: number | undefined;

  constructor(database: Sqlite.Database, file: string) {
    const { id, door } = readMeta(database, file);
    this.id = id;
    this.door = door;
    this.file = file;
    this.#database = database;
    this.#inode = statSync(file).ino;
    this.#next = database.prepare(
      `select ${COLUMNS} from records where seq > ? order by seq limit ?`,
    );
    this.#one = database.prepare(`select ${COLUMNS} from records where seq = ?`);
    this.#version = database.prepare<[], number>('pragma data_version').pluck();
  }

  read(afterSeq: number, limit: number, maxBytes = DEFAULT_MAX_BYTES): JournalBatch {
    // Before the read: what is committed meanwhile counts as news once more, which does no harm.
    this.#seenVersion = this.#version.get();
    const batch = new BatchBuilder(maxBytes);
    try {
      for (const row of this.#next.iterate(afterSeq, limit)) {
        batch.add(row.seq, row);
        if (batch.isFull) break;
      }
      return batch.finish();
    } catch (error) {
      if (!isCorruption(error)) throw error;
      // What came before the damage is sound; the next read begins at the damage.
      return batch.length > 0 ? batch.finish() : this.#readOneByOne(afterSeq, limit, maxBytes);
    }
  }

  /** Steps over pages that SQLite itself calls malformed. */
  #readOneByOne(afterSeq: number, limit: number, maxBytes: number): JournalBatch {
    const batch = new BatchBuilder(maxBytes);
    const newest = this.newestSeq();
    for (let seq = afterSeq + 1; seq <= newest && batch.length < limit && !batch.isFull; seq += 1) {
      try {
        const row = this.#one.get(seq);
        if (row !== undefined) batch.add(seq, row);
      } catch (error) {
        if (!isCorruption(error)) throw error;
        batch.add(seq, undefined);
      }
    }
    return batch.finish();
  }

  newestSeq(): number {
    return readNewestSeq(this.#database);
  }

  hasNews(): boolean {
    return this.#version.get() !== this.#seenVersion;
  }

  isReplaced(): boolean {
    return statSync(this.file, { throwIfNoEntry: false })?.ino !== this.#inode;
  }

  close(): void {
    this.#database.close();
  }
}

class BatchBuilder {
  readonly #records: JournalRecord[] = [];
  readonly #corrupt: { seq: number }[] = [];
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isFull(): boolean {
    return this.#bytes >= this.#maxBytes;
  }

  get length(): number {
    return this.#records.length + this.#corrupt.length;
  }

  add(seq: number, row: RecordRow | undefined): void {
    const record = row && toRecord(row);
    if (record === undefined) this.#corrupt.push({ seq });
    else {
      this.#records.push(record);
      this.#bytes += record.payload.length;
    }
  }

  finish(): JournalBatch {
    return { records: this.#records, corrupt: this.#corrupt };
  }
}

function isCorruption(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_CORRUPT');
}
