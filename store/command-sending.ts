import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import { BROKER_DOOR, CLAIM_MS, LONGEST_CLAIM_MS } from './commands.ts';
import type { Store } from './database.ts';
import type { CommandRow, Database } from './schema.ts';

/*
 * Several processes may be able to send a command. Whoever publishes it has claimed it before, for a short time that it
 * prolongs while it waits for the receiver. A process that dies between publishing and noting so leaves a claim that runs
 * out, and the command is published once more: at least once, never forgotten.
 */

/** The one who claims. */
export interface Claim {
  /** Unique to the process. */
  readonly holder: string;
  readonly nowMs: number;
}

/** Waiting, in time, and in nobody's hand. */
function isSendable(nowMs: number) {
  return (eb: ExpressionBuilder<Database, 'commands'>): Expression<SqlBool> =>
    eb.and([
      eb('state', '=', 'queued'),
      eb('expires_at', '>', nowMs),
      eb.or([
        eb('claimed_until', 'is', null),
        eb('claimed_until', '<=', nowMs),
        eb('claimed_until', '>', nowMs + LONGEST_CLAIM_MS),
      ]),
    ]);
}

/** The principals for whom something waits at the broker. */
export async function listAwaited(store: Store, nowMs: number): Promise<string[]> {
  const rows = await store.db
    .selectFrom('commands')
    .select('principal')
    .distinct()
    .where('door', '=', BROKER_DOOR)
    .where(isSendable(nowMs))
    .execute();
  return rows.flatMap(({ principal }) => principal ?? []);
}

/** Where commands wait, and behind which one to look. */
export interface Waiting {
  readonly door: string;
  /** At the broker: who is to get them. */
  readonly principal?: string;
  readonly after?: Pick<CommandRow, 'requested_at' | 'id'> | undefined;
}

/** What waits at a door, oldest first. */
export async function listSendable(
  store: Store,
  { door, principal, after }: Waiting,
  nowMs: number,
  limit: number,
): Promise<CommandRow[]> {
  let query = store.db.selectFrom('commands').selectAll().where('door', '=', door);
  if (principal !== undefined) query = query.where('principal', '=', principal);
  if (after !== undefined) {
    query = query.where((eb) =>
      eb.or([
        eb('requested_at', '>', after.requested_at),
        eb.and([eb('requested_at', '=', after.requested_at), eb('id', '>', after.id)]),
      ]),
    );
  }
  return query
    .where(isSendable(nowMs))
    .orderBy('requested_at')
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Claims a command for sending; whoever gets `true` may publish it. */
export async function claimCommand(
  store: Store,
  id: string,
  { holder, nowMs }: Claim,
): Promise<boolean> {
  const row = await store.db
    .updateTable('commands')
    .set((eb) => ({
      claimed_by: holder,
      claimed_until: nowMs + CLAIM_MS,
      attempts: eb('attempts', '+', 1),
      attempted_at: eb.fn.coalesce('attempted_at', eb.val(nowMs)),
    }))
    .where('id', '=', id)
    .where(isSendable(nowMs))
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Prolongs claims. Returns the ids of those that still wait for their receiver. */
export async function renewClaims(
  store: Store,
  ids: readonly string[],
  { holder, nowMs }: Claim,
): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await store.db
    .updateTable('commands')
    .set({ claimed_until: nowMs + CLAIM_MS })
    .where('id', 'in', ids)
    .where('claimed_by', '=', holder)
    .where('state', '=', 'queued')
    .returning('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Lets others send commands that this process has not been able to. */
export async function releaseClaims(
  store: Store,
  ids: readonly string[],
  holder: string,
): Promise<void> {
  if (ids.length === 0) return;
  await store.db
    .updateTable('commands')
    .set({ claimed_by: null, claimed_until: null })
    .where('id', 'in', ids)
    .where('claimed_by', '=', holder)
    .execute();
}

/** Gives back a claim of a command that has not been published after all: as if it had never been claimed. */
export async function undoClaim(store: Store, id: string, holder: string): Promise<void> {
  await store.db
    .updateTable('commands')
    .set((eb) => ({
      claimed_by: null,
      claimed_until: null,
      attempts: eb('attempts', '-', 1),
      attempted_at: eb
        .case()
        .when('attempts', '>', 1)
        .then(eb.ref('attempted_at'))
        .else(null)
        .end(),
    }))
    .where('id', '=', id)
    .where('claimed_by', '=', holder)
    .execute();
}
