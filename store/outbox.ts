import type { Store, Trx } from './database.ts';

const ROWS_PER_INSERT = 10_000;

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
  for (let start = 0; start < left.length; start += ROWS_PER_INSERT) {
    const rows = left
      .slice(start, start + ROWS_PER_INSERT)
      .map(({ readingId, formerBinId }) => ({ reading_id: readingId, former_bin_id: formerBinId }));
    await trx.insertInto('outbox').values(rows).execute();
  }
}

/** Notes readings that InfluxDB must get (again); nothing when the store does not feed one. */
export async function queueForInflux(
  trx: Trx,
  store: Store,
  readingIds: readonly number[],
): Promise<void> {
  if (!store.feedsInflux) return;
  for (let start = 0; start < readingIds.length; start += ROWS_PER_INSERT) {
    const rows = readingIds
      .slice(start, start + ROWS_PER_INSERT)
      .map((reading_id) => ({ reading_id }));
    await trx.insertInto('outbox').values(rows).execute();
  }
}
