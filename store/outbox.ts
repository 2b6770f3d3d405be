import type { Store, Trx } from './database.ts';
import { insertRows } from './insert-rows.ts';

/** A reading that has left a bin. */
export interface LeftBin {
  readonly readingId: number;
  readonly formerBinId: string;
}

/** Notes readings whose points under their former bins must be marked as gone; nothing when the store does not feed an InfluxDB. */
export async function queueLeftBins(
  trx: Trx,
  store: Store,
  left: readonly LeftBin[],
): Promise<void> {
  if (!store.feedsInflux) return;
  const rows = left.map(({ readingId, formerBinId }) => ({
    reading_id: readingId,
    former_bin_id: formerBinId,
  }));
  const columns = { reading_id: true, former_bin_id: true } as const;
  await insertRows(trx, store, { table: 'outbox', columns }, rows);
}

/** Notes readings that InfluxDB must get (again); nothing when the store does not feed one. */
export async function queueForInflux(
  trx: Trx,
  store: Store,
  readingIds: readonly number[],
): Promise<void> {
  if (!store.feedsInflux) return;
  const rows = readingIds.map((reading_id) => ({ reading_id }));
  await insertRows(trx, store, { table: 'outbox', columns: { reading_id: true } }, rows);
}
