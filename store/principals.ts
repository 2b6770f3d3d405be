import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { appendAudit, entryAboutMany } from './audit.ts';
import type { AuditEntry } from './audit.ts';
import { appendChanges } from './changes.ts';
import type { Store, Trx } from './database.ts';
import type { PrincipalRow } from './schema.ts';
import { lockForWriting } from './write-lock.ts';

export type PrincipalKind = PrincipalRow['kind'];

/**
 * Who may send or ask for what, without the secret: sensors, gateways that speak for many of them and readers at the broker;
 * operators, who change the town over HTTP and have no business at the broker.
 */
export interface Principal {
  readonly id: string;
  readonly kind: PrincipalKind;
  /** Topic filters a gateway may publish under, each ending in `#`. */
  readonly prefixes: readonly string[];
  /** May send any past time, without rate limits. */
  readonly backfill: boolean;
  readonly revokedAtMs: number | null;
  /** What speaks for its credential being in two places at once; null: nothing. */
  readonly suspicion: CloneSuspicion | null;
}

/** A principal with what is needed to check a token. */
export interface StoredPrincipal extends Principal {
  readonly tokenHash: string;
  readonly oldTokenHash: string | null;
  readonly oldTokenUntilMs: number | null;
}

/** Compared with when the principal is unknown, so that unknown costs what wrong costs. No token has this hash. */
export const NOBODY: StoredPrincipal = {
  id: '',
  kind: 'device',
  prefixes: [],
  backfill: false,
  revokedAtMs: null,
  suspicion: null,
  tokenHash: '0'.repeat(64),
  oldTokenHash: null,
  oldTokenUntilMs: null,
};

/** A new random token of 256 bits, URL-safe text. Shown once; only its hash is kept. */
export function createToken(): string {
  return randomBytes(32).toString('base64url');
}

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Whether a token opens this principal now: not revoked, and the current token or the old one within its time. */
export function acceptsToken(principal: StoredPrincipal, token: string, nowMs: number): boolean {
  if (principal.revokedAtMs !== null) return false;
  const hash = Buffer.from(hashToken(token));
  const matches = (stored: string): boolean => timingSafeEqual(Buffer.from(stored), hash);
  if (matches(principal.tokenHash)) return true;
  const { oldTokenHash, oldTokenUntilMs } = principal;
  return oldTokenHash !== null && (oldTokenUntilMs ?? 0) > nowMs && matches(oldTokenHash);
}

/** A principal to be saved, with the token it gets. */
export interface NewPrincipal {
  readonly principal: Omit<Principal, 'revokedAtMs' | 'suspicion'>;
  readonly token: string;
}

/** Adds a principal, or replaces the record and token of one with this id. */
export async function savePrincipal(
  store: Store,
  principal: NewPrincipal['principal'],
  token: string,
): Promise<void> {
  await savePrincipals(store, [{ principal, token }]);
}

/** Saves many principals in one transaction, each as {@link savePrincipal} does. */
export async function savePrincipals(
  store: Store,
  principals: readonly NewPrincipal[],
): Promise<void> {
  if (principals.length === 0) return;
  await store.db.transaction().execute(async (trx) => {
    await lockForWriting(trx, store.kind);
    for (const { principal, token } of principals) await saveOne(trx, principal, token);
    const changes = principals.map(({ principal: { id } }) => ({ kind: 'principal', id }) as const);
    await appendChanges(trx, store.kind, changes);
    const ids = principals.map(({ principal: { id } }) => id);
    const kinds = [...new Set(principals.map(({ principal: { kind } }) => kind))];
    await appendAudit(trx, store, entryAboutMany('token-made', ids, { kinds }));
  });
}

async function saveOne(
  trx: Trx,
  principal: NewPrincipal['principal'],
  token: string,
): Promise<void> {
  const record = {
    kind: principal.kind,
    token_hash: hashToken(token),
    old_token_hash: null,
    old_token_until: null,
    prefixes: JSON.stringify(principal.prefixes),
    backfill: principal.backfill ? 1 : 0,
    revoked_at: null,
    ...NOT_SUSPECTED,
  } as const;
  await trx
    .insertInto('principals')
    .values({ id: principal.id, ...record })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(record))
    .execute();
}

/** Gives a principal a new token; the old one works until `oldTokenUntilMs`. Returns false when there is no such principal. */
export async function rotateToken(
  store: Store,
  id: string,
  token: string,
  oldTokenUntilMs: number,
): Promise<boolean> {
  const detail = { oldTokenUntil: new Date(oldTokenUntilMs) };
  return changePrincipal(store, { action: 'token-rotated', subject: id, detail }, (row) => ({
    token_hash: hashToken(token),
    old_token_hash: row.token_hash,
    old_token_until: oldTokenUntilMs,
    // Whoever has copied the old one is out when its time is over.
    ...NOT_SUSPECTED,
  }));
}

/** Shuts a principal out, its open connections too, within a second. Returns false when there is no such principal. */
export async function revokePrincipal(store: Store, id: string, nowMs: number): Promise<boolean> {
  const entry = { action: 'access-revoked', subject: id, atMs: nowMs } as const;
  return changePrincipal(store, entry, () => ({ revoked_at: nowMs }));
}

const NOT_SUSPECTED = { clone_suspected_at: null, clone_detail: null } as const;

/** What speaks for a principal's credential being in two places. */
export interface CloneSuspicion {
  readonly sinceMs: number;
  /** Where its connections came from. */
  readonly addresses: readonly string[];
  readonly takeoversPerMinute: number;
}

/** Notes that a principal may be two. Returns false when there is no such principal. */
export async function suspectClone(
  store: Store,
  id: string,
  { sinceMs, ...detail }: CloneSuspicion,
): Promise<boolean> {
  const entry = { action: 'clone-suspected', subject: id, atMs: sinceMs, detail } as const;
  return changePrincipal(store, entry, () => ({
    clone_suspected_at: sinceMs,
    clone_detail: JSON.stringify(detail),
  }));
}

/** Takes the suspicion back. Returns false when there is no such principal. */
export async function clearSuspicion(store: Store, id: string): Promise<boolean> {
  return changePrincipal(store, { action: 'clone-cleared', subject: id }, () => NOT_SUSPECTED);
}

async function changePrincipal(
  store: Store,
  entry: AuditEntry,
  change: (row: PrincipalRow) => Partial<PrincipalRow>,
): Promise<boolean> {
  const { subject: id } = entry;
  return store.db.transaction().execute(async (trx) => {
    await lockForWriting(trx, store.kind);
    const row = await trx
      .selectFrom('principals')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined) return false;
    await trx.updateTable('principals').set(change(row)).where('id', '=', id).execute();
    // Its record changes where devices are shown, too.
    const changes = (['principal', 'device'] as const).map((kind) => ({ kind, id }));
    await appendChanges(trx, store.kind, changes);
    await appendAudit(trx, store, [entry]);
    return true;
  });
}

export async function findPrincipal(
  store: Store,
  id: string,
): Promise<StoredPrincipal | undefined> {
  const row = await store.db
    .selectFrom('principals')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : toPrincipal(row);
}

/** The principals that have or had a token with this hash: one, unless two were given the same. */
export async function findPrincipalsByTokenHash(
  store: Store,
  tokenHash: string,
): Promise<StoredPrincipal[]> {
  const rows = await store.db
    .selectFrom('principals')
    .selectAll()
    .where((eb) => eb.or([eb('token_hash', '=', tokenHash), eb('old_token_hash', '=', tokenHash)]))
    .orderBy('id')
    .execute();
  return rows.map(toPrincipal);
}

export async function listPrincipals(store: Store): Promise<Principal[]> {
  const rows = await store.db.selectFrom('principals').selectAll().orderBy('id').execute();
  return rows.map((row) => {
    const { tokenHash: _, oldTokenHash: __, oldTokenUntilMs: ___, ...principal } = toPrincipal(row);
    return principal;
  });
}

function toPrincipal(row: PrincipalRow): StoredPrincipal {
  return {
    id: row.id,
    kind: row.kind,
    // Safe: savePrincipal is the only writer of the column.
    prefixes: JSON.parse(row.prefixes) as string[],
    backfill: row.backfill === 1,
    revokedAtMs: row.revoked_at,
    suspicion: toSuspicion(row),
    tokenHash: row.token_hash,
    oldTokenHash: row.old_token_hash,
    oldTokenUntilMs: row.old_token_until,
  };
}

function toSuspicion({ clone_suspected_at, clone_detail }: PrincipalRow): CloneSuspicion | null {
  if (clone_suspected_at === null || clone_detail === null) return null;
  // Safe: suspectClone is the only writer of the column.
  const detail = JSON.parse(clone_detail) as Omit<CloneSuspicion, 'sinceMs'>;
  return { sinceMs: clone_suspected_at, ...detail };
}
