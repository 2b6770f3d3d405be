import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { findJournals } from '../journal/find-journals.ts';
import { DrainTurn } from '../journal/drain-turn.ts';
import { openJournalReader } from '../journal/reader.ts';
import type { JournalReader } from '../journal/reader.ts';
import { CursorMoved } from '../store/cursors.ts';
import type { Store } from '../store/database.ts';
import { drainBatch } from './drain-journal.ts';
import type { BatchReport } from './drain-journal.ts';
import { createIngestMetrics } from './metrics.ts';
import type { Source } from './sources/source.ts';

export interface IngestOptions {
  readonly store: Store;
  /** Every journal in this folder is read, also those that appear later. */
  readonly journalFolder: string;
  /** How messages of others are to be read. */
  readonly sources?: readonly Source[];
  /** Whether other processes read the folder as well; one is to let the others have a turn. */
  readonly isShared?: boolean;
  readonly log: Logger;
}

export interface Ingest {
  readonly registry: Registry;
  start(): void;
  /** Ends after the batch under way. */
  stop(): Promise<void>;
}

/** How long an idle journal is left alone: a look costs microseconds and adds to the time until a level is on the map. */
const IDLE_MS = 20;
/** How long a process leaves a journal to others between two batches. */
const YIELD_MS = 1;
/** Every so many looks at an idle journal, its file is looked at too: once in a second. */
const LOOKS_AT_FILE = 50;
/** How often the folder is searched for doors that are new. */
const SEARCH_MS = 1_000;
/** Pauses after a failure: from the first to the last, doubling. */
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;
/** The last wait for a journal that is being made. */
const LONGEST_MAKING_MS = 800;

/** Creates the reader of all journals; nothing runs before `start`. */
export function createIngest(options: IngestOptions): Ingest {
  const { store, journalFolder, sources, isShared = false, log } = options;
  const metrics = createIngestMetrics();
  const readers = new Map<string, Promise<void>>();
  const ending = new AbortController();
  const { signal } = ending;
  let searching: Promise<void> | undefined;

  async function search(): Promise<void> {
    while (!signal.aborted) {
      for (const file of findJournals(journalFolder)) {
        if (!readers.has(file))
          readers.set(
            file,
            follow(file).finally(() => readers.delete(file)),
          );
      }
      await pause(SEARCH_MS);
    }
  }

  /** Reads one journal until the end; a failure is logged and tried again, ever more slowly. */
  async function follow(file: string): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!signal.aborted) {
      try {
        using reader = await openWhenMade(file);
        using turn = new DrainTurn(file);
        for (;;) {
          const report = await drainInTurn(turn, reader);
          retryMs = FIRST_RETRY_MS;
          if (report !== undefined && report !== 'taken') note(reader, report);
          if (signal.aborted) return;
          if (report === 'taken') await pause(IDLE_MS);
          else if (report === undefined && (await waitForNews(reader)) === 'replaced') break;
          else if (isShared) await pause(YIELD_MS);
        }
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof CursorMoved) {
          // Of a process that was killed, whose last batch the database had still in hand.
          log.info({ file, reason: error.message }, 'a batch was stored by another process');
          await pause(FIRST_RETRY_MS);
          continue;
        }
        metrics.noteFailure();
        log.error(
          { err: error, file, retryMs },
          'a batch could not be stored; it will be tried again',
        );
        await pause(retryMs);
        retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
      }
    }
  }

  /** Another ingest may read the same folder: whoever has the turn reads the cursor, and moves it. */
  async function drainInTurn(
    turn: DrainTurn,
    reader: JournalReader,
  ): Promise<BatchReport | 'taken' | undefined> {
    using held = turn.take();
    if (held !== undefined) return await drainBatch(store, reader, sources);
    metrics.setBacklog(reader.door, reader.id, 0);
    return reader.isReplaced() ? undefined : 'taken';
  }

  /** A file that its writer is just making is no journal for some milliseconds, which is no failure yet. */
  async function openWhenMade(file: string): Promise<JournalReader & Disposable> {
    for (let retryMs = FIRST_RETRY_MS; retryMs <= LONGEST_MAKING_MS; retryMs *= 2) {
      try {
        return openDisposable(file);
      } catch {
        await pause(retryMs);
      }
    }
    return openDisposable(file);
  }

  function note(reader: JournalReader, report: BatchReport): void {
    metrics.noteBatch(report);
    metrics.setBacklog(reader.door, reader.id, Math.max(0, reader.newestSeq() - report.toSeq));
    if (report.quarantined.size > 0) {
      const reasons = Object.fromEntries(report.quarantined);
      log.warn({ door: report.door, reasons }, 'messages were quarantined');
    }
    log.debug({ door: reader.door, records: report.records }, 'a batch was stored');
  }

  /** A damaged journal is moved aside by its door; what we hold open then is not where the door writes. */
  async function waitForNews(reader: JournalReader): Promise<'news' | 'replaced'> {
    metrics.setBacklog(reader.door, reader.id, 0);
    for (let looks = 1; !signal.aborted && !reader.hasNews(); looks += 1) {
      await pause(IDLE_MS);
      if (looks % LOOKS_AT_FILE === 0 && reader.isReplaced()) return 'replaced';
    }
    return 'news';
  }

  async function pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal }).catch(() => {});
  }

  return {
    registry: metrics.registry,
    start() {
      searching ??= search();
    },
    async stop() {
      ending.abort();
      await searching;
      await Promise.all(readers.values());
    },
  };
}

function openDisposable(file: string): JournalReader & Disposable {
  const reader = openJournalReader(file);
  return Object.assign(reader, { [Symbol.dispose]: () => reader.close() });
}
