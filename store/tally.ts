import type { Db, Trx } from './database.ts';

/** What became of a message: a reading or status stored, a copy of one already there, or set aside. */
export type Outcome = 'stored' | 'duplicate' | 'quarantined';

export interface TallyEntry {
  readonly outcome: Outcome;
  /** Why it was quarantined; empty for the other outcomes. */
  readonly reason: string;
  readonly count: number;
}

/**
 * Adds to the counts of what became of messages, in the transaction that made it so: their sum is always the number of
 * messages taken off the journals. Counts may be negative where a message changes sides.
 */
export async function addToTally(trx: Trx, entries: readonly TallyEntry[]): Promise<void> {
  for (const { outcome, reason, count } of entries) {
    if (count === 0) continue;
    await trx
      .insertInto('tally')
      .values({ outcome, reason, count })
      .onConflict((conflict) =>
        conflict
          .columns(['outcome', 'reason'])
          .doUpdateSet((eb) => ({ count: eb('tally.count', '+', count) })),
      )
      .execute();
  }
}

/** The counts so far, by outcome and reason. */
export async function readTally(db: Db | Trx): Promise<TallyEntry[]> {
  return db.selectFrom('tally').selectAll().orderBy('outcome').orderBy('reason').execute();
}
