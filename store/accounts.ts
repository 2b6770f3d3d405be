import { sql } from 'kysely';
import type { Db } from './database.ts';
import type { TallyEntry } from './tally.ts';

/** What a journal says of itself: numbers given out, and the first and last that it still has records of (0: none). */
export interface JournalNumbers {
  readonly id: string;
  readonly door: string;
  readonly newestSeq: number;
  readonly oldestKept: number;
  readonly newestKept: number;
}

/** What one door, or all imported files together, has taken in. */
export interface DoorAccount {
  readonly door: string;
  /** Messages acknowledged since the beginning. */
  readonly accepted: number;
  /** Messages of these whose records wait for ingest. */
  readonly backlog: number;
}

/** The books: what was taken in, and what became of it. */
export interface Accounts {
  /** In order of name. */
  readonly doors: readonly DoorAccount[];
  readonly tally: readonly TallyEntry[];
  /**
   * accepted - stored - duplicate - quarantined - backlog; always 0. More: acknowledged messages are lost. Less: messages are
   * counted twice.
   */
  readonly unaccounted: number;
}

/**
 * Draws up the books from rows alone, since counters die with their process. Read the journals before calling this: ingest
 * may go on meanwhile, but what it had not stored by then is still in them. Of a journal that is not among them (an imported
 * file, a door of another machine) only what ingest has taken off it is known.
 */
export async function readAccounts(db: Db, journals: readonly JournalNumbers[]): Promise<Accounts> {
  const { cursors, tally } = await readBooks(db);
  const doors = new Map<string, DoorAccount>();
  const add = (door: string, accepted: number, backlog: number): void => {
    const known = doors.get(door);
    const sum = {
      accepted: (known?.accepted ?? 0) + accepted,
      backlog: (known?.backlog ?? 0) + backlog,
    };
    doors.set(door, { door, ...sum });
  };
  for (const journal of journals) {
    const seq = cursors.get(journal.id)?.seq ?? 0;
    add(journal.door, Math.max(journal.newestSeq, seq), countWaiting(journal, seq));
  }
  const known = new Set(journals.map(({ id }) => id));
  for (const [id, { door, taken }] of cursors) if (!known.has(id)) add(door, taken, 0);
  const sorted = [...doors.values()].sort((a, b) => (a.door < b.door ? -1 : 1));
  const owed = sorted.reduce((sum, { accepted, backlog }) => sum + accepted - backlog, 0);
  const accounted = tally.reduce((sum, { count }) => sum + count, 0);
  return { doors: sorted, tally, unaccounted: owed - accounted };
}

/** Records behind a cursor, by the ends of the journal: gaps between them are found and counted by ingest. */
function countWaiting({ oldestKept, newestKept }: JournalNumbers, seq: number): number {
  if (newestKept === 0) return 0;
  return Math.max(0, newestKept - Math.max(seq, oldestKept - 1));
}

interface Books {
  readonly cursors: ReadonlyMap<
    string,
    { readonly door: string; readonly seq: number; readonly taken: number }
  >;
  readonly tally: readonly TallyEntry[];
}

/** Cursors and tally of one moment: one statement is one snapshot in either database. */
async function readBooks(db: Db): Promise<Books> {
  const { rows } = await sql<{ name: string; detail: string; seq: number; count: number }>`
    select journal as name, door as detail, seq, taken as count from cursors
    union all select outcome, reason, -1, count from tally`.execute(db);
  const tally: TallyEntry[] = [];
  const cursors = new Map<string, { door: string; seq: number; taken: number }>();
  for (const { name, detail, seq, count } of rows) {
    if (seq >= 0) cursors.set(name, { door: detail, seq, taken: count });
    // Safe: the tally has no other outcomes.
    else tally.push({ outcome: name as TallyEntry['outcome'], reason: detail, count });
  }
  return { cursors, tally };
}
