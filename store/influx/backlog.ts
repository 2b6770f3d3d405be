import type { Store } from '../database.ts';

/** What waits for InfluxDB, and what it will not have. */
export interface InfluxBacklog {
  readonly rows: number;
  /** Age of the message whose reading has waited longest, by when it was received. */
  readonly oldestSeconds: number;
  readonly rejects: number;
}

export async function readInfluxBacklog({ db }: Store, nowMs: number): Promise<InfluxBacklog> {
  const { rows } = await db
    .selectFrom('outbox')
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow();
  const oldest = await db
    .selectFrom('outbox')
    .innerJoin('readings', 'readings.id', 'outbox.reading_id')
    .select('readings.received_at')
    .orderBy('outbox.id')
    .limit(1)
    .executeTakeFirst();
  const { rejects } = await db
    .selectFrom('influx_rejects')
    .select((eb) => eb.fn.countAll<number>().as('rejects'))
    .executeTakeFirstOrThrow();
  const ageMs = oldest === undefined ? 0 : nowMs - oldest.received_at;
  return { rows: Number(rows), oldestSeconds: Math.max(0, ageMs / 1000), rejects: Number(rejects) };
}
