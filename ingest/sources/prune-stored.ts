import type { JournalWriter } from '../../journal/journal-writer.ts';
import { readCursor } from '../../store/cursors.ts';
import type { Store } from '../../store/database.ts';

/** Records kept behind ingest, for tracing. */
const RECORDS_KEPT = 1_000;

/** Deletes from a journal what ingest has stored, but for the newest. Rejects when the store or the journal fails. */
export async function pruneStored(store: Store, journal: JournalWriter): Promise<void> {
  const cursor = await readCursor(store, journal.id);
  const throughSeq = Math.min(cursor, journal.newestSeq - RECORDS_KEPT);
  if (throughSeq > 0) await journal.prune(throughSeq);
}
