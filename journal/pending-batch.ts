import { EntryBlock } from './entry-batch.ts';
import type { JournalError, Settle } from './journal-writer.ts';
import type { JournalEntry } from './record.ts';

/** One commit: enough to make an fsync cheap per record, little enough to keep it short. */
const MAX_BATCH_RECORDS = 1_000;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/** Entries that go to the thread together. */
export class PendingBatch {
  readonly block = new EntryBlock();
  /** One for each entry, in order. */
  readonly settles: Settle[] = [];
  size = 0;

  /** Whether another entry of this size fits; the first one always does. */
  hasRoomFor(size: number): boolean {
    const { length } = this.settles;
    return length === 0 || (length < MAX_BATCH_RECORDS && this.size + size <= MAX_BATCH_BYTES);
  }

  add(entry: JournalEntry, size: number, settle: Settle): void {
    this.block.add(entry, size);
    this.settles.push(settle);
    this.size += size;
  }

  /** Tells everybody who waits, in the order of their entries. */
  settle(error?: JournalError): void {
    for (const settle of this.settles) settle(error);
  }
}
