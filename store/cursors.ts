import type { Store, Trx } from './database.ts';

/** How far ingest has read a journal: the number of its last stored record, 0 at first. */
export async function readCursor(store: Store, journal: string): Promise<number> {
  const row = await store.db
    .selectFrom('cursors')
    .select('seq')
    .where('journal', '=', journal)
    .executeTakeFirst();
  return row?.seq ?? 0;
}

/** Somebody else has stored the same records at the same time. */
export class CursorMoved extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CursorMoved';
  }
}

/**
 * Moves a cursor from where the batch began to where it ended. Throws a {@link CursorMoved} when it stands elsewhere: another ingest has
 * stored the same records, and this transaction must not store them again.
 */
export async function moveCursor(
  trx: Trx,
  move: {
    readonly journal: string;
    readonly door: string;
    readonly fromSeq: number;
    readonly toSeq: number;
    /** Messages in between: all numbers, unless some stand for none. */
    readonly taken?: number;
  },
): Promise<void> {
  const { journal, door, fromSeq, toSeq, taken = toSeq - fromSeq } = move;
  const result = await trx
    .insertInto('cursors')
    .values({ journal, door, seq: toSeq, taken })
    .onConflict((conflict) =>
      conflict
        .column('journal')
        .doUpdateSet((eb) => ({ seq: toSeq, door, taken: eb('cursors.taken', '+', taken) }))
        .where('cursors.seq', '=', fromSeq),
    )
    .executeTakeFirst();
  if (result.numInsertedOrUpdatedRows !== 1n) {
    throw new CursorMoved(
      `The cursor of journal ${door} is not at ${fromSeq}: another ingest has moved it`,
    );
  }
}
