import path from 'node:path';
import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import { findJournals } from '../../journal/find-journals.ts';
import { openJournalReader, readJournalEnds } from '../../journal/reader.ts';
import { readAccounts } from '../../store/accounts.ts';
import { readCursor } from '../../store/cursors.ts';
import type { Store } from '../../store/database.ts';
import { readTally } from '../../store/tally.ts';
import type { TallyEntry } from '../../store/tally.ts';
import type { RunningTunna } from './running-tunna.ts';

export interface Drained {
  /** Messages the door has taken since the beginning. */
  readonly journaled: number;
  /** What became of them. */
  readonly tally: readonly TallyEntry[];
}

/** Resolves when ingest has come to the present end of a door's journal. */
export async function drain(tunna: RunningTunna, door = 'mqtt'): Promise<Drained> {
  await using opened = tunna.openStore();
  const reader = openJournalReader(path.join(tunna.dataFolder, 'journals', `${door}.sqlite`));
  try {
    const journaled = reader.newestSeq();
    await vi.waitFor(
      async () =>
        expect(await readCursor(opened.store, reader.id)).toBeGreaterThanOrEqual(journaled),
      { timeout: 30_000, interval: 50 },
    );
    return { journaled, tally: await readTally(opened.store.db) };
  } finally {
    reader.close();
  }
}

/** How many messages had an outcome; of all outcomes when none is named. */
export function countOf(tally: readonly TallyEntry[], outcome?: TallyEntry['outcome']): number {
  return tally
    .filter((entry) => outcome === undefined || entry.outcome === outcome)
    .reduce((sum, { count }) => sum + count, 0);
}

/**
 * Compares what the doors have accepted with what became of it, and the counts with the rows they stand for. Returns
 * what does not agree; nothing does when all is well. Call it while nobody deletes what has been kept long enough.
 */
export async function findUnaccounted(store: Store, dataFolder: string): Promise<string[]> {
  const journals = findJournals(path.join(dataFolder, 'journals')).map(readJournalEnds);
  const { unaccounted, tally } = await readAccounts(store.db, journals);
  const rows = await countRows(store);
  const kept = tally.filter(({ reason }) => !WITHOUT_ROW.includes(reason));
  const books = {
    unaccounted,
    'stored without a row': countOf(kept, 'stored') - rows.uplinks,
    'quarantined without a row': countOf(kept, 'quarantined') - rows.quarantined,
  };
  return Object.entries(books)
    .filter(([, count]) => count !== 0)
    .map(([what, count]) => `${what}: ${count}`);
}

/** What a damaged journal has lost is only counted. */
const WITHOUT_ROW: readonly string[] = ['corrupt-record', 'missing-record'];

async function countRows({ db }: Store): Promise<{ uplinks: number; quarantined: number }> {
  const { rows } = await sql<{ uplinks: number; quarantined: number }>`
    select (select count(*) from uplinks) as uplinks,
      (select cast(coalesce(sum(times), 0) as bigint) from quarantine where resolved_at is null)
        as quarantined`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('A count gives a row');
  return row;
}

/** The value of a metric of the dashboard that has no labels. */
export async function readMetric(tunna: RunningTunna, name: string): Promise<number> {
  const text = await (await fetch(`${tunna.httpUrl}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  if (line === undefined) throw new Error(`${name} is not among the metrics`);
  return Number(line.slice(name.length));
}
