import type { Kysely } from 'kysely';

/** Finds a principal by its token alone, as HTTP's `Bearer` names nobody. */
export async function indexTokens(db: Kysely<unknown>): Promise<void> {
  for (const column of ['token_hash', 'old_token_hash']) {
    await db.schema.createIndex(`principals_${column}`).on('principals').column(column).execute();
  }
}
