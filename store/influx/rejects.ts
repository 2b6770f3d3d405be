import type { Store } from '../database.ts';
import { queueForInflux } from '../outbox.ts';
import { lockForWriting } from '../write-lock.ts';

/** A reading that InfluxDB will not have. */
export interface InfluxReject {
  readonly readingId: number;
  readonly binId: string | null;
  readonly deviceId: string;
  readonly observedAtMs: number;
  /** HTTP status; null: our own encoder refused it. */
  readonly status: number | null;
  /** What InfluxDB said. */
  readonly detail: string;
  readonly rejectedAtMs: number;
}

/** The newest first. */
export async function listInfluxRejects({ db }: Store, limit: number): Promise<InfluxReject[]> {
  const rows = await db
    .selectFrom('influx_rejects')
    .innerJoin('readings', 'readings.id', 'influx_rejects.reading_id')
    .select(['reading_id', 'status', 'detail', 'rejected_at'])
    .select(['readings.bin_id', 'readings.device_id', 'readings.observed_at'])
    .orderBy('reading_id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    readingId: row.reading_id,
    binId: row.bin_id,
    deviceId: row.device_id,
    observedAtMs: row.observed_at,
    status: row.status,
    detail: row.detail,
    rejectedAtMs: row.rejected_at,
  }));
}

/**
 * Puts readings that were set aside into the outbox again. They stay set aside until InfluxDB has taken them.
 * @param readingIds which; left out: all
 * @returns how many
 */
export async function retryInfluxRejects(
  store: Store,
  readingIds?: readonly number[],
): Promise<number> {
  return store.db.transaction().execute(async (trx) => {
    await lockForWriting(trx, store.kind);
    const rows = await trx
      .selectFrom('influx_rejects')
      .select('reading_id')
      .$if(readingIds !== undefined, (query) => query.where('reading_id', 'in', readingIds ?? []))
      .where('reading_id', 'not in', (eb) => eb.selectFrom('outbox').select('reading_id'))
      .orderBy('reading_id')
      .execute();
    const ids = rows.map(({ reading_id }) => reading_id);
    await queueForInflux(trx, store, ids);
    return ids.length;
  });
}
