import { CHAIN, hashRow, readChain } from './audit.ts';
import type { AuditAction } from './audit.ts';
import type { Store } from './database.ts';
import type { AuditRow } from './schema.ts';
import { lockForWriting } from './write-lock.ts';

const DAY_MS = 24 * 3_600_000;
const ROWS_PER_READ = 5_000;

/** More would say nothing new. */
const MOST_FAULTS = 100;

export interface AuditFilter {
  readonly action?: AuditAction | undefined;
  readonly actor?: string | undefined;
  readonly subject?: string | undefined;
  readonly sinceMs?: number | undefined;
  readonly limit: number;
}

/** Rows of the audit, newest first. */
export async function listAudit(store: Store, filter: AuditFilter): Promise<AuditRow[]> {
  const { action, actor, subject, sinceMs, limit } = filter;
  let query = store.db.selectFrom('audit').selectAll();
  if (action !== undefined) query = query.where('action', '=', action);
  if (actor !== undefined) query = query.where('actor', '=', actor);
  if (subject !== undefined) query = query.where('subject', '=', subject);
  if (sinceMs !== undefined) query = query.where('until_at', '>=', sinceMs);
  return query.orderBy('seq', 'desc').limit(limit).execute();
}

/**
 * `changed`: the row does not fit its hash, or was put elsewhere; `missing`: rows are gone; `cut`: the newest are gone;
 * `unexpected`: what somebody has kept of the chain is not in it, so that it was written anew.
 */
export interface AuditFault {
  readonly kind: 'changed' | 'missing' | 'cut' | 'unexpected';
  /** The row, or the first of those that are gone. */
  readonly seq: number;
}

export interface AuditCheck {
  readonly rows: number;
  /** Rows up to this one were deleted by retention. */
  readonly baseSeq: number;
  readonly head: AuditPoint;
  /** At most a hundred. */
  readonly faults: readonly AuditFault[];
}

/** A place in the chain; whoever keeps one elsewhere can prove later that nothing before it has changed. */
export interface AuditPoint {
  readonly seq: number;
  readonly hash: string;
}

/** Reads the whole chain and says where it does not hold. `expected` is an earlier head, as somebody has kept it. */
export async function verifyAudit(store: Store, expected?: AuditPoint): Promise<AuditCheck> {
  const first = await readChain(store.db);
  const faults: AuditFault[] = [];
  let previous = { seq: first.base_seq, hash: first.base_hash };
  let isExpected = expected === undefined || isSame(previous, expected);
  let rows = 0;
  for (;;) {
    // Before the rows: what is added meanwhile lies behind this head.
    const { head_seq: seq, head_hash: hash } = await readChain(store.db);
    const some = await readRows(store, previous.seq);
    for (const row of some) {
      faults.push(...findFaults(previous, row, { seq, hash }));
      isExpected ||= isSame(row, expected);
      previous = row;
    }
    rows += some.length;
    if (some.length === ROWS_PER_READ) continue;
    if (previous.seq < seq) faults.push({ kind: 'cut', seq: previous.seq + 1 });
    if (!isExpected) faults.push({ kind: 'unexpected', seq: expected?.seq ?? 0 });
    const head = { seq, hash };
    return { rows, baseSeq: first.base_seq, head, faults: faults.slice(0, MOST_FAULTS) };
  }
}

function readRows(store: Store, afterSeq: number): Promise<AuditRow[]> {
  return store.db
    .selectFrom('audit')
    .selectAll()
    .where('seq', '>', afterSeq)
    .orderBy('seq')
    .limit(ROWS_PER_READ)
    .execute();
}

function isSame(a: AuditPoint, b: AuditPoint | undefined): boolean {
  return a.seq === b?.seq && a.hash === b.hash;
}

function findFaults(previous: AuditPoint, row: AuditRow, head: AuditPoint): AuditFault[] {
  const faults: AuditFault[] = [];
  const fits = row.hash === hashRow(previous.hash, row);
  const isWrongHead = row.seq === head.seq && row.hash !== head.hash;
  if (row.seq !== previous.seq + 1) faults.push({ kind: 'missing', seq: previous.seq + 1 });
  // Behind a gap the hash before is not known, so the next row cannot be judged.
  else if (!fits || isWrongHead) faults.push({ kind: 'changed', seq: row.seq });
  return faults;
}

/**
 * Deletes what has been kept for longer than `keepMs` of retention's clock: as with messages, no time in a row decides, but how
 * far the audit had come on a day of that clock. What is left still begins with a known hash.
 * @param clockMs what `advanceRetentionClock` returned
 * @returns how many rows
 */
export async function dropOldAudit(
  store: Store,
  { clockMs, keepMs }: { readonly clockMs: number; readonly keepMs: number },
): Promise<number> {
  return store.db.transaction().execute(async (trx) => {
    await lockForWriting(trx, store.kind);
    const chain = await readChain(trx);
    const marks = await trx.selectFrom('audit_marks').selectAll().orderBy('at', 'desc').execute();
    const [newest] = marks;
    if (newest === undefined || clockMs >= newest.at + DAY_MS) {
      await trx.insertInto('audit_marks').values({ at: clockMs, seq: chain.head_seq }).execute();
    }
    const old = marks.find(({ at }) => at < clockMs - keepMs);
    if (old === undefined) return 0;
    await trx.deleteFrom('audit_marks').where('at', '<=', old.at).execute();
    const last = await trx
      .selectFrom('audit')
      .select(['seq', 'hash'])
      .where('seq', '=', old.seq)
      .executeTakeFirst();
    if (last === undefined) return 0;
    // First the base: the guard of the table lets go only of what lies before it.
    await trx
      .updateTable('audit_chain')
      .set({ base_seq: last.seq, base_hash: last.hash })
      .where('name', '=', CHAIN)
      .execute();
    const gone = await trx.deleteFrom('audit').where('seq', '<=', last.seq).executeTakeFirst();
    return Number(gone.numDeletedRows);
  });
}
