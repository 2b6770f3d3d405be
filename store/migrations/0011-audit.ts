import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ColumnKinds } from './column-kinds.ts';

/**
 * The audit: rows that are only ever added, each with a hash over itself and the one before. What the chain no longer holds is
 * known by its last hash (`base`), and where it ends by `head`.
 */
export async function keepAudit(db: Kysely<unknown>, kinds: ColumnKinds): Promise<void> {
  await db.schema
    .createTable('audit')
    .addColumn('seq', 'bigint', (c) => c.primaryKey())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('until_at', 'bigint', (c) => c.notNull())
    .addColumn('actor', 'text', (c) => c.notNull())
    .addColumn('action', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('times', 'bigint', (c) => c.notNull())
    .addColumn('detail', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('audit_chain')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('base_seq', 'bigint', (c) => c.notNull())
    .addColumn('base_hash', 'text', (c) => c.notNull())
    .addColumn('head_seq', 'bigint', (c) => c.notNull())
    .addColumn('head_hash', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('audit_marks')
    .addColumn('at', 'bigint', (c) => c.primaryKey())
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .execute();
  for (const statement of GUARDS[kinds.dialect]) await sql.raw(statement).execute(db);
  await suspectClones(db);
}

/** Who may be two: since when, and what was seen. */
async function suspectClones(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('principals').addColumn('clone_suspected_at', 'bigint').execute();
  await db.schema.alterTable('principals').addColumn('clone_detail', 'text').execute();
}

/** Against mistakes, not against whoever owns the database, who is found by the hashes. */
const GUARDS = {
  sqlite: [
    `create trigger audit_stands before update on audit
     begin select raise(abort, 'the audit is only added to'); end`,
    `create trigger audit_stays before delete on audit
     when old.seq > (select base_seq from audit_chain)
     begin select raise(abort, 'the audit is only added to'); end`,
  ],
  postgres: [
    `create function audit_stands() returns trigger language plpgsql as $$
     begin
       if tg_op = 'DELETE' and old.seq <= (select base_seq from audit_chain) then return old; end if;
       raise exception 'the audit is only added to';
     end $$`,
    `create trigger audit_stands before update or delete on audit
     for each row execute function audit_stands()`,
  ],
} as const satisfies Record<ColumnKinds['dialect'], readonly string[]>;
