import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import type { CommitReply, CommitRequest, CommitWorkerData } from './commit-protocol.ts';
import { moveDamagedAside } from './damage.ts';
import { decodeEntries } from './entry-batch.ts';
import {
  lockDoor,
  openJournalFile,
  prepareNewestSeq,
  readMeta,
  readNewestSeq,
  skipThrough,
} from './journal-file.ts';
import { InsertRecords } from './insert-records.ts';

/** Keeps a step of pruning to some milliseconds: appends wait for it. */
const ROWS_PER_PRUNE = 1_000;

const PRUNE = `delete from records where seq in
  (select seq from records where seq <= ? order by seq limit ${ROWS_PER_PRUNE})`;

interface OpenJournal {
  readonly database: Sqlite.Database;
  /** Commits a block and returns the newest number. Throws with nothing kept. */
  readonly append: (block: Uint8Array) => number;
  readonly prune: (throughSeq: number) => number;
  readonly skip: (throughSeq: number) => number;
}

// Safe: the writer is the only one who starts this worker.
const { file, lockFile, door } = workerData as CommitWorkerData;
const lock = lockDoor(lockFile);
const movedAside = moveDamagedAside(file, Date.now());
let journal: OpenJournal | undefined = openJournal();

function openJournal(): OpenJournal {
  const database = openJournalFile(file, door);
  const insert = new InsertRecords(database);
  const newest = prepareNewestSeq(database);
  const prune = database.prepare(PRUNE);
  const append = database.transaction((block: Uint8Array) => {
    const entries = decodeEntries(block);
    const newestSeq = newest();
    insert.run(newestSeq + 1, entries);
    return newestSeq + entries.length;
  });
  return {
    database,
    append: (block) => append.immediate(block),
    prune: (throughSeq) => prune.run(throughSeq).changes,
    skip: (throughSeq) => skipThrough(database, throughSeq),
  };
}

function answer(request: CommitRequest): CommitReply {
  if (request.kind === 'close') {
    journal?.database.close();
    lock.close();
    return { kind: 'closed' };
  }
  try {
    journal ??= openJournal();
    if (request.kind === 'prune') {
      return { kind: 'pruned', more: journal.prune(request.throughSeq) === ROWS_PER_PRUNE };
    }
    if (request.kind === 'skip') {
      return { kind: 'skipped', newestSeq: journal.skip(request.throughSeq) };
    }
    const startMs = performance.now();
    const newestSeq = journal.append(request.block);
    return { kind: 'committed', newestSeq, durationMs: performance.now() - startMs };
  } catch (error) {
    return giveUp(error);
  }
}

/**
 * A full disk leaves the file as it was. After any other failure, a failed fsync above all, the handle is not to be
 * trusted: the kernel may say that a second fsync went well without having written anything.
 */
function giveUp(error: unknown): CommitReply {
  const code = error instanceof Sqlite.SqliteError ? error.code : 'UNKNOWN';
  if (code !== 'SQLITE_FULL') {
    const distrusted = journal;
    journal = undefined;
    try {
      distrusted?.database.close();
    } catch {
      // It failed already, which is what the answer says.
    }
  }
  return { kind: 'failed', code, message: error instanceof Error ? error.message : String(error) };
}

const reply = (message: CommitReply): void => parentPort?.postMessage(message);
parentPort?.on('message', (request: CommitRequest) => {
  reply(answer(request));
  if (request.kind === 'close') parentPort?.close();
});
reply({
  kind: 'opened',
  id: readMeta(journal.database, file).id,
  newestSeq: readNewestSeq(journal.database),
  movedAside,
});
