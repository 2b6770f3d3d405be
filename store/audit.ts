import { createHash } from 'node:crypto';
import type { Store, Trx } from './database.ts';
import type { AuditRow } from './schema.ts';
import { storableText } from './storable-text.ts';
import { lockForWriting } from './write-lock.ts';

/*
 * The audit is a chain: each row has a hash over itself and the hash before it, so that a row that was changed, removed or moved
 * no longer fits. All writers add to the same chain, one after the other under the write lock. The chain cannot tell of somebody
 * who owns the database and computes all of it anew: for that, keep its head elsewhere (`tunna audit verify --expect`).
 */

/** What the audit tells of: refusals at the doors, suspicions, and what people changed. */
export const AUDIT_ACTIONS = [
  'connect-refused',
  'publish-refused',
  'subscribe-refused',
  'packet-refused',
  'request-refused',
  'clone-suspected',
  'clone-cleared',
  'token-made',
  'token-rotated',
  'access-revoked',
  'device-saved',
  'bin-saved',
  'mounting-made',
  'mounting-ended',
  'mounting-corrected',
  'quarantine-replayed',
  'command-ordered',
  'command-cancelled',
  'backup-made',
  'backup-restored',
  'database-migrated',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** One thing that happened, or several of a kind. */
export interface AuditEntry {
  readonly action: AuditAction;
  /** What it happened to, such as a device; empty when there is nothing to name. */
  readonly subject: string;
  /** Who did it: left out, whoever the store acts for. */
  readonly actor?: string;
  /** Left out: now. */
  readonly atMs?: number;
  /** Of several events: when the last of them was. */
  readonly untilMs?: number;
  readonly times?: number;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** The hash before the first row. */
export const FIRST_HASH = '0'.repeat(64);

/** The only row of `audit_chain`. */
export const CHAIN = 'audit';

/** A text from outside must not fill the disk. */
const MOST_TEXT = 200;
const MOST_DETAIL = 2_000;

/** Nine columns: far below SQLite's 32,766 parameters. */
const ROWS_PER_INSERT = 1_000;

export interface Chain {
  readonly base_seq: number;
  readonly base_hash: string;
  readonly head_seq: number;
  readonly head_hash: string;
}

/** Adds to the audit, in the transaction that makes it true. */
export async function appendAudit(
  trx: Trx,
  store: Pick<Store, 'kind' | 'actor'>,
  entries: readonly AuditEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  await lockForWriting(trx, store.kind);
  const chain = await readChain(trx);
  let { head_seq: seq, head_hash: hash } = chain;
  const rows = entries.map((entry) => {
    const row = { seq: (seq += 1), ...toColumns(entry, store.actor ?? 'tunna') };
    hash = hashRow(hash, row);
    return { ...row, hash };
  });
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
    await trx
      .insertInto('audit')
      .values(rows.slice(start, start + ROWS_PER_INSERT))
      .execute();
  }
  const head = { head_seq: seq, head_hash: hash };
  await trx
    .insertInto('audit_chain')
    .values({ ...chain, ...head, name: CHAIN })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(head))
    .execute();
}

/** Where the chain begins and ends. */
export async function readChain(db: Trx | Store['db']): Promise<Chain> {
  const row = await db
    .selectFrom('audit_chain')
    .select(['base_seq', 'base_hash', 'head_seq', 'head_hash'])
    .where('name', '=', CHAIN)
    .executeTakeFirst();
  return row ?? { base_seq: 0, base_hash: FIRST_HASH, head_seq: 0, head_hash: FIRST_HASH };
}

/** The hash of a row, given that of the row before it. */
export function hashRow(previous: string, row: Omit<AuditRow, 'hash'>): string {
  const { seq, at, until_at, actor, action, subject, times, detail } = row;
  const text = JSON.stringify([
    previous,
    ...[seq, at, until_at, actor, action, subject, times, detail],
  ]);
  return createHash('sha256').update(text).digest('hex');
}

function toColumns(entry: AuditEntry, actor: string): Omit<AuditRow, 'seq' | 'hash'> {
  const at = entry.atMs ?? Date.now();
  return {
    at,
    until_at: entry.untilMs ?? at,
    actor: nameText(entry.actor ?? actor),
    action: entry.action,
    subject: nameText(entry.subject),
    times: entry.times ?? 1,
    detail: detailText(entry.detail ?? {}),
  };
}

function detailText(detail: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify(detail);
  return text.length <= MOST_DETAIL ? text : JSON.stringify({ cut: text.slice(0, MOST_DETAIL) });
}

function nameText(text: string): string {
  return storableText(text.slice(0, MOST_TEXT));
}

/** How many ids an entry about many names. */
const MOST_IDS = 20;

/** One entry for something done to many at once. */
export function entryAboutMany(
  action: AuditAction,
  ids: readonly string[],
  detail: Readonly<Record<string, unknown>> = {},
): AuditEntry[] {
  const [first] = ids;
  if (first === undefined) return [];
  if (ids.length === 1) return [{ action, subject: first, detail }];
  const more = { ...detail, ids: ids.slice(0, MOST_IDS) };
  return [{ action, subject: `${ids.length} at once`, times: ids.length, detail: more }];
}
