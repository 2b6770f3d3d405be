import type { Store, Trx } from './database.ts';

const ROWS_PER_INSERT = 10_000;

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
