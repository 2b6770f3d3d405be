import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * Keeps in the index of contents only those uplinks that nothing but their arrival tells apart: nobody looks for the others
 * there, and hashes, which lie anywhere, made each of them write a page of the index.
 */
export async function indexArrivalsOnly(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('uplinks_content_hash_received_at').execute();
  await sql`
    create index uplinks_arrivals on uplinks (content_hash, received_at)
    where substr(identity, 1, 3) = 'in:'
  `.execute(db);
}
