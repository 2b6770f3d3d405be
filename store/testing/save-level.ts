import { appendChanges } from '../changes.ts';
import type { Store } from '../database.ts';

/** Gives bins a level, as a reading would that is there by itself. */
export async function saveLevels(
  store: Store,
  binIds: readonly string[],
  fillPercent: number,
): Promise<void> {
  const rows = binIds.map((bin_id) => ({
    ...{ bin_id, reading_id: 1, device_id: 'dev-1', observed_at: 1_000, identity: 'x', part: 0 },
    ...{ fill_percent: fillPercent, quality: 4, reasons: '[]' },
  }));
  await store.db.transaction().execute(async (trx) => {
    await trx
      .insertInto('bin_states')
      .values(rows)
      .onConflict((conflict) =>
        conflict.column('bin_id').doUpdateSet({ fill_percent: fillPercent }),
      )
      .execute();
    await appendChanges(
      trx,
      store.kind,
      binIds.map((id) => ({ kind: 'bin', id })),
    );
  });
}
