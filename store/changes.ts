import { sql } from 'kysely';
import type { Store, Trx } from './database.ts';
import { lockForWriting } from './write-lock.ts';

/**
 * What can change. `bin`: its level, state or record; `bin-removed`; `principal`: who may connect; `device`: record or
 * mounting; `quarantine`: a message was added or resolved; `command`: one was given or its state changed.
 */
const CHANGE_KINDS = [
  'bin',
  'bin-removed',
  'principal',
  'device',
  'quarantine',
  'command',
] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export interface Change {
  readonly seq: number;
  readonly kind: ChangeKind;
  readonly id: string;
}

/** PostgreSQL channel that tells of new changes. */
export const CHANGES_CHANNEL = 'tunna_changes';

/** Adds changes to the transaction that makes them true. */
export async function appendChanges(
  trx: Trx,
  kind: Store['kind'],
  changes: readonly Omit<Change, 'seq'>[],
): Promise<void> {
  if (changes.length === 0) return;
  // Numbers are given out before the commit: without the lock a reader could pass a number that appears later.
  await lockForWriting(trx, kind);
  const list = JSON.stringify(changes.map((change) => [change.kind, change.id]));
  const select =
    kind === 'sqlite'
      ? sql`select value ->> 0, value ->> 1 from json_each(${list}) order by key`
      : sql`select one ->> 0, one ->> 1 from json_array_elements(${list}) with ordinality as list(one, place) order by place`;
  await sql`insert into changes (kind, id) ${select}`.execute(trx);
  if (kind === 'postgres') await sql`select pg_notify(${CHANGES_CHANNEL}, '')`.execute(trx);
}

/** Changes after a number, oldest first. */
export async function readChanges(
  store: Store,
  afterSeq: number,
  limit: number,
): Promise<Change[]> {
  const rows = await store.db
    .selectFrom('changes')
    .selectAll()
    .where('seq', '>', afterSeq)
    .orderBy('seq')
    .limit(limit)
    .execute();
  // Safe: only appendChanges writes the table, and it takes a ChangeKind.
  return rows.map((row) => ({ ...row, kind: row.kind as ChangeKind }));
}

/** Number of the newest change, 0 when there is none yet. */
export async function newestChange(store: Store): Promise<number> {
  const row = await store.db
    .selectFrom('changes')
    .select((eb) => eb.fn.max('seq').as('seq'))
    .executeTakeFirst();
  return row?.seq ?? 0;
}

/** Number of the oldest change still kept, or `undefined` when there is none. */
export async function oldestChange(store: Store): Promise<number | undefined> {
  const row = await store.db
    .selectFrom('changes')
    .select((eb) => eb.fn.min('seq').as('seq'))
    .executeTakeFirst();
  return row?.seq ?? undefined;
}

/** Forgets all but the newest `keep` changes. */
export async function pruneChanges(store: Store, keep: number): Promise<void> {
  const newest = await newestChange(store);
  await store.db
    .deleteFrom('changes')
    .where('seq', '<=', newest - keep)
    .execute();
}
