import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Counts the messages taken off each journal, which until now were as many as its numbers. */
export async function countTaken(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('cursors')
    .addColumn('taken', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute();
  await sql`update cursors set taken = seq`.execute(db);
}
