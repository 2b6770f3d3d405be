import type { Kysely } from 'kysely';

/** Remembers how far the tables had come on each day, so that what has been kept long enough is known without any clock in it. */
export async function markDays(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('retention_clock')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('retention_marks')
    .addColumn('at', 'bigint', (c) => c.primaryKey())
    .addColumn('uplink_id', 'bigint', (c) => c.notNull())
    .addColumn('quarantine_id', 'bigint', (c) => c.notNull())
    .execute();
}
