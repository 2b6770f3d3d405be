import { statSync } from 'node:fs';
import { CursorMoved } from '../../store/cursors.ts';
import type { Store } from '../../store/database.ts';
import { drainBatch } from '../drain-journal.ts';
import { NO_SOURCES } from '../sources/source.ts';
import type { Source } from '../sources/source.ts';
import { FileJournal, hashFile } from './file-journal.ts';
import { FileReporter } from './file-report.ts';
import type { FileReport } from './file-report.ts';
import { HistoryFileError } from './history-format.ts';
import type { HistoryFormat, HistoryRecord } from './history-format.ts';

/** As fast as larger ones, and live messages, which wait for the same lock, hardly notice. */
const RECORDS_PER_BATCH = 500;
const BYTES_PER_BATCH = 4 * 1024 * 1024;

export interface ImportOptions {
  readonly file: string;
  readonly format: HistoryFormat;
  /** How messages of others are to be read. */
  readonly sources?: readonly Source[];
  readonly now: () => number;
  /** Ends the import after the batch under way. */
  readonly signal?: AbortSignal;
  /** Called before each batch is stored, such as to register its devices. */
  readonly beforeBatch?: (records: readonly HistoryRecord[]) => Promise<void>;
  readonly onProgress?: (progress: Progress) => void;
  /** Only reads and reports; nothing is registered or stored. */
  readonly dryRun?: boolean;
}

export interface Progress {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly records: number;
}

/**
 * Takes a file through ingest, as if it were a journal: each batch and how far the file is taken are one transaction. So a run that
 * ended anywhere goes on where it was, and one that has come to the end changes nothing any more.
 *
 * Throws a {@link HistoryFileError} when the file cannot be read or is not of the format, and nothing of it is stored
 * then; also when another run takes the same file at the same time. Rejects when the database fails.
 */
export async function importFile(store: Store, options: ImportOptions): Promise<FileReport> {
  const { file, format, now, signal } = options;
  const before = statFile(file);
  const reporter = new FileReporter(now());
  let bytes = 0;
  const journal = new FileJournal({
    id: await hashFile(file, format),
    file,
    records: format.read(file, (count) => (bytes += count)),
    receivedAtMs: now(),
  });
  while (signal?.aborted !== true) {
    const records = await journal.fetch(RECORDS_PER_BATCH, BYTES_PER_BATCH);
    assertUnchanged(file, before);
    if (records.length === 0) return reporter.finish(true, now());
    await storeBatch(store, journal, records, options, reporter);
    options.onProgress?.({ bytes, totalBytes: before.size, records: reporter.records });
  }
  return reporter.finish(false, now());
}

async function storeBatch(
  store: Store,
  journal: FileJournal,
  records: readonly HistoryRecord[],
  { sources = NO_SOURCES, beforeBatch, dryRun }: ImportOptions,
  reporter: FileReporter,
): Promise<void> {
  for (const record of records) reporter.noteRecord(record);
  if (dryRun === true) return;
  await beforeBatch?.(records);
  try {
    // Of these, what follows the cursor; nothing where an earlier run has been.
    const report = await drainBatch(store, journal, sources);
    if (report !== undefined) reporter.noteBatch(report);
  } catch (error) {
    if (!(error instanceof CursorMoved)) throw error;
    const message = 'another run is taking it at the same time; nothing is lost or stored twice';
    throw new HistoryFileError(message);
  }
}

interface FileState {
  readonly size: number;
  readonly mtimeMs: number;
}

function statFile(file: string): FileState {
  try {
    const stat = statSync(file);
    if (!stat.isFile()) throw new HistoryFileError('it is not a file');
    const { size, mtimeMs } = stat;
    return { size, mtimeMs };
  } catch (error) {
    if (error instanceof HistoryFileError) throw error;
    throw new HistoryFileError('it cannot be read', { cause: error });
  }
}

/** Its id would name another content. What was stored until then stays, and is known again when it comes once more. */
function assertUnchanged(file: string, before: FileState): void {
  const { size, mtimeMs } = statFile(file);
  if (size === before.size && mtimeMs === before.mtimeMs) return;
  throw new HistoryFileError('it was changed while it was read; run the same command again');
}
