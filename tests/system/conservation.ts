import path from 'node:path';
import { expect, vi } from 'vitest';
import { openJournalReader } from '../../journal/reader.ts';
import { readCursor } from '../../store/cursors.ts';
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
