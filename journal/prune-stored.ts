import type { StoredThrough } from './commit-thread.ts';
import type { JournalWriter } from './journal-writer.ts';

/** Records kept behind their readers, for tracing. */
const RECORDS_KEPT = 1_000;

/** Deletes from a journal what readers have stored, but for the newest. Rejects when asking how far they are, or the journal, fails. */
export async function pruneStored(
  journal: JournalWriter,
  storedThrough: StoredThrough,
  recordsKept = RECORDS_KEPT,
): Promise<void> {
  const stored = await storedThrough(journal.id);
  const throughSeq = Math.min(stored, journal.newestSeq - recordsKept);
  if (throughSeq > 0) await journal.prune(throughSeq);
}
