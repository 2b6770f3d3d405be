import { commandStateOf } from '../domain/command.ts';
import type { CommandState } from '../domain/command.ts';
import { appendAudit } from './audit.ts';
import { appendChanges } from './changes.ts';
import type { Store, Trx } from './database.ts';
import type { CommandRow, NewCommand } from './schema.ts';
import { lockForWriting } from './write-lock.ts';

/** Commands that our own broker publishes, whichever of several it is. */
export const BROKER_DOOR = 'broker';

/** How long a claim lasts that nobody prolongs. */
export const CLAIM_MS = 15_000;
/** Nobody claims for longer: such a claim was made under a clock that was ahead, and holds for nothing. */
export const LONGEST_CLAIM_MS = 2 * CLAIM_MS;

/** What is known of a command when it is given. */
export type CommandDraft = Omit<
  NewCommand,
  'state' | 'detail' | 'attempts' | 'attempted_at' | 'claimed_by' | 'claimed_until' | TimeColumn
>;
type TimeColumn = 'sent_at' | 'acknowledged_at' | 'failed_at' | 'expired_at';

/**
 * Queues a command. One of the same kind that still waits for the same device is given up: the newer one says the same
 * better. Raw bytes are never given up, since nobody knows what they say.
 */
export async function addCommand(store: Store, draft: CommandDraft): Promise<void> {
  await store.db.transaction().execute(async (trx) => {
    await lockForWriting(trx, store.kind);
    const superseded = draft.kind === 'raw' ? [] : await findWaiting(trx, draft);
    const detail = `superseded by ${draft.id}`;
    for (const row of superseded) await giveUp(trx, row, draft.requested_at, detail);
    await trx
      .insertInto('commands')
      .values({ ...draft, state: 'queued', attempts: 0 })
      .execute();
    const ids = [...superseded.map(({ id }) => id), draft.id];
    await appendChanges(
      trx,
      store.kind,
      ids.map((id) => ({ kind: 'command', id })),
    );
    const { id, kind, device_id: subject, requested_by: actor } = draft;
    const ordered = { action: 'command-ordered', subject, actor, detail: { id, kind } } as const;
    await appendAudit(trx, store, [ordered]);
  });
}

/** Those of the device and kind that wait and are not just being sent. */
async function findWaiting(trx: Trx, draft: CommandDraft): Promise<CommandRow[]> {
  const rows = await trx
    .selectFrom('commands')
    .selectAll()
    .where('device_id', '=', draft.device_id)
    .where('kind', '=', draft.kind)
    .where('state', '=', 'queued')
    .execute();
  return rows.filter((row) => !isInHand(row, draft.requested_at));
}

async function giveUp(trx: Trx, row: CommandRow, nowMs: number, detail: string): Promise<void> {
  const times = { ...row, failed_at: nowMs };
  await trx
    .updateTable('commands')
    .set({ failed_at: nowMs, detail, state: stateOfRow(times) })
    .where('id', '=', row.id)
    .execute();
}

/** Why a command could not be taken back; `sending`: a process is publishing it right now. */
export type CancelResult = 'cancelled' | 'unknown' | 'sending' | Exclude<CommandState, 'queued'>;

/** Takes back a command that has not been sent. */
export async function cancelCommand(
  store: Store,
  id: string,
  nowMs: number,
): Promise<CancelResult> {
  return store.db.transaction().execute(async (trx) => {
    await lockForWriting(trx, store.kind);
    const row = await trx
      .selectFrom('commands')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined) return 'unknown';
    if (row.state !== 'queued') return row.state;
    if (isInHand(row, nowMs)) return 'sending';
    await giveUp(trx, row, nowMs, 'cancelled');
    await appendChanges(trx, store.kind, [{ kind: 'command', id }]);
    const subject = row.device_id;
    await appendAudit(trx, store, [{ action: 'command-cancelled', subject, detail: { id } }]);
    return 'cancelled';
  });
}

function isInHand({ claimed_until: until }: CommandRow, nowMs: number): boolean {
  return until !== null && until > nowMs && until <= nowMs + LONGEST_CLAIM_MS;
}

export async function findCommand(store: Store, id: string): Promise<CommandRow | undefined> {
  return store.db.selectFrom('commands').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Commands, newest first. */
export async function listCommands(
  store: Store,
  filter: {
    readonly deviceId?: string | undefined;
    readonly state?: CommandState | undefined;
    readonly limit: number;
  },
): Promise<CommandRow[]> {
  let query = store.db.selectFrom('commands').selectAll();
  if (filter.deviceId !== undefined) query = query.where('device_id', '=', filter.deviceId);
  if (filter.state !== undefined) query = query.where('state', '=', filter.state);
  return query.orderBy('requested_at', 'desc').orderBy('id', 'desc').limit(filter.limit).execute();
}

/** Ends the commands whose time is over, whether they were sent or not. Returns how many. */
export async function expireCommands(store: Store, nowMs: number): Promise<number> {
  return store.db.transaction().execute(async (trx) => {
    await lockForWriting(trx, store.kind);
    const rows = await trx
      .updateTable('commands')
      .set((eb) => ({ state: 'expired', expired_at: eb.ref('expires_at') }))
      .where('state', 'in', ['queued', 'sent'])
      .where('expires_at', '<=', nowMs)
      .returning('id')
      .execute();
    const changes = rows.map(({ id }) => ({ kind: 'command', id }) as const);
    await appendChanges(trx, store.kind, changes);
    return rows.length;
  });
}

/** The state that follows from the times of a row. */
export function stateOfRow(row: Pick<CommandRow, TimeColumn>): CommandState {
  return commandStateOf({
    sentAtMs: row.sent_at,
    acknowledgedAtMs: row.acknowledged_at,
    failedAtMs: row.failed_at,
    expiredAtMs: row.expired_at,
  });
}
