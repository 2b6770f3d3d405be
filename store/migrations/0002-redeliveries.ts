import type { Kysely } from 'kysely';

/**
 * Whether a message was marked as a redelivery, and an index that finds its first delivery among all the times a sensor
 * without a clock has said the same.
 */
export async function rememberRedeliveries(db: Kysely<unknown>): Promise<void> {
  for (const table of ['uplinks', 'quarantine']) {
    await db.schema
      .alterTable(table)
      .addColumn('dup', 'integer', (c) => c.notNull().defaultTo(0))
      .execute();
  }
  await db.schema.dropIndex('uplinks_content_hash').execute();
  await db.schema
    .createIndex('uplinks_content_hash_received_at')
    .on('uplinks')
    .columns(['content_hash', 'received_at'])
    .execute();
}
