import type { Logger } from 'pino';
import type { StoredThrough } from './commit-thread.ts';
import type { JournalEntry } from './record.ts';

export interface JournalWriterOptions {
  /** Folder of the journals, created when absent. */
  readonly folder: string;
  /** Name of the door, such as `mqtt`: the file is `<door>.sqlite`. */
  readonly door: string;
  /** Of the file, when one door has several journals: the door's name, then a dot, `w` and a number. */
  readonly name?: string;
  readonly log?: Pick<Logger, 'info' | 'error'>;
  readonly maxPendingRecords?: number;
  readonly maxPendingBytes?: number;
  /** How far readers have stored this journal. Numbers go on behind that, even when the file is older. */
  readonly storedThrough?: StoredThrough;
  /** Told after each commit: how many records it made durable, and how long it took. */
  readonly onCommit?: (commit: { readonly records: number; readonly durationMs: number }) => void;
}

/** Told when an entry is on disk, or with the reason why it is not. */
export type Settle = (error?: JournalError) => void;

/** The only writer of a door's journal. */
export interface JournalWriter {
  /** Names this file for ever; cursors go by it. */
  readonly id: string;
  readonly door: string;
  readonly file: string;
  /** Number of the newest durable record, 0 at first. */
  readonly newestSeq: number;
  /** Appends that are not durable yet. */
  readonly pendingRecords: number;
  readonly pendingBytes: number;
  /** Whether an append now would be taken, as far as the bounds go. */
  readonly hasRoom: boolean;
  /** Whether the last commit failed; the next one that goes well ends it. */
  readonly failing: boolean;
  /**
   * Resolves when the entry is on disk, in the order of the calls. Rejects when the commit failed or there is no room: the entry
   * is then not acknowledged, though a later one may be. The payload is copied at once.
   */
  append(entry: JournalEntry): Promise<void>;
  /**
   * The same for thousands of entries a second: no promise is made for each. `settle` is called once, for the entries of a
   * commit one after the other in one turn; at once when there is no room.
   */
  write(entry: JournalEntry, settle: Settle): void;
  /** Deletes records up to a number, in small steps between commits. Numbers go on from the newest. */
  prune(throughSeq: number): Promise<void>;
  /** Commits what was appended, then lets go of the door. */
  close(): Promise<void>;
}

/** An append failed: the entry is not durable. `code` is SQLite's, or `NO_ROOM`, `CLOSED`, `WORKER`. */
export class JournalError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'JournalError';
    this.code = code;
  }
}
