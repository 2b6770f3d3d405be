import type { Kysely } from 'kysely';

/** Pages of the quarantine, newest first. */
export async function indexQuarantine(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('quarantine_last_received_at')
    .on('quarantine')
    .columns(['last_received_at', 'id'])
    .execute();
}
