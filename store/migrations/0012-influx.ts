import type { Kysely } from 'kysely';

/**
 * Remembers what InfluxDB will not have, how far each InfluxDB has got what was there before it was chosen, and bins that readings have
 * left, whose points must go.
 */
export async function followInflux(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('influx_rejects')
    .addColumn('reading_id', 'bigint', (c) => c.primaryKey())
    .addColumn('status', 'integer')
    .addColumn('detail', 'text', (c) => c.notNull())
    .addColumn('rejected_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('influx_feeds')
    .addColumn('target', 'text', (c) => c.primaryKey())
    .addColumn('next_id', 'bigint', (c) => c.notNull())
    .addColumn('through_id', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema.alterTable('outbox').addColumn('former_bin_id', 'text').execute();
}
