import type { Kysely } from 'kysely';

/** Keeps what a sensor says beside its level, such as the spread of its echoes or its position. */
export async function keepExtras(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('readings').addColumn('extras', 'text').execute();
}
