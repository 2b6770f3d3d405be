import { appendChanges } from '../../store/changes.ts';
import type { Store } from '../../store/database.ts';

/** Gives a bin a level as ingest would: its state and the change that tells of it, in one transaction. */
export async function setLevel(store: Store, binId: string, fillPercent: number): Promise<void> {
  const row = {
    reading_id: 1,
    device_id: 'dev-1',
    observed_at: Date.parse('2026-05-01T10:00:00Z'),
    identity: 'x',
    part: 0,
    fill_percent: fillPercent,
    quality: 4,
    temperature_c: null,
    battery_percent: null,
    reasons: '["tilted"]',
  };
  await store.db.transaction().execute(async (trx) => {
    await trx
      .insertInto('bin_states')
      .values({ bin_id: binId, ...row })
      .onConflict((conflict) => conflict.column('bin_id').doUpdateSet(row))
      .execute();
    await appendChanges(trx, store.kind, [{ kind: 'bin', id: binId }]);
  });
}

/** Takes a bin away, as the registry would. */
export async function removeLevel(store: Store, binId: string): Promise<void> {
  await store.db.transaction().execute(async (trx) => {
    await trx.deleteFrom('bin_states').where('bin_id', '=', binId).execute();
    await appendChanges(trx, store.kind, [{ kind: 'bin-removed', id: binId }]);
  });
}
