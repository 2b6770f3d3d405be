import { sql } from 'kysely';
import type { Store, Trx } from './database.ts';

/** Arbitrary number that names our advisory lock in PostgreSQL. */
const WRITE_LOCK = 0x74756e6e;

/**
 * Makes a transaction the only one that writes until it ends, as SQLite does by itself. Call it before the first read whose
 * answer decides what is written: else two transactions that judge by the same old level or mounting undo each other's
 * work. It also gives out the numbers of `changes` in the order of the commits. Costs nothing when held already.
 */
export async function lockForWriting(trx: Trx, kind: Store['kind']): Promise<void> {
  if (kind === 'postgres') await sql`select pg_advisory_xact_lock(${WRITE_LOCK})`.execute(trx);
}
