import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Remembers how far back the history reaches that was imported on a day, so that InfluxDB keeps it as long as SQL does. */
export async function markImports(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('retention_marks').addColumn('backfilled_since', 'bigint').execute();
  // Of the days before, nobody knows: nothing that was there then goes early.
  await sql`update retention_marks set backfilled_since = 0`.execute(db);
}
