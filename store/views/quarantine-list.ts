import type { SelectQueryBuilder } from 'kysely';
import type { Database, QuarantineRow } from '../schema.ts';
import type { Store } from '../database.ts';

/** Which messages of the quarantine are meant; all where nothing is said. */
export interface QuarantineSelection {
  readonly reason?: string | undefined;
  readonly deviceId?: string | undefined;
  /** Only of these devices; none: no message at all. */
  readonly deviceIds?: readonly string[] | undefined;
}

/** A message by when it last came, which changes when a copy of it comes. */
export interface QuarantinePlace {
  readonly lastReceivedAtMs: number;
  readonly id: number;
}

export interface QuarantinePage {
  readonly limit: number;
  /** Only messages behind this one. */
  readonly after?: QuarantinePlace | undefined;
  /** Also those that were replayed into readings. */
  readonly includeResolved: boolean;
}

/** A message without its bytes. */
export type QuarantineHead = Omit<QuarantineRow, 'payload'>;

/** A page of messages, newest first. */
export async function listQuarantinePage(
  store: Store,
  selection: QuarantineSelection,
  { limit, after, includeResolved }: QuarantinePage,
): Promise<QuarantineHead[]> {
  let query = select(store, selection);
  if (!includeResolved) query = query.where('resolved_at', 'is', null);
  if (after !== undefined) {
    const { lastReceivedAtMs, id } = after;
    query = query.where((eb) =>
      eb.or([
        eb('last_received_at', '<', lastReceivedAtMs),
        eb.and([eb('last_received_at', '=', lastReceivedAtMs), eb('id', '<', id)]),
      ]),
    );
  }
  return query
    .select(['id', 'digest', 'reason', 'detail', 'device_id', 'door', 'journal_seq', 'topic'])
    .select(['first_received_at', 'last_received_at', 'times', 'principal', 'backfill'])
    .select(['qos', 'message_id', 'dup', 'resolved_at'])
    .orderBy('last_received_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** Numbers of open messages from one on, in the order in which they were first set aside. */
export async function listOpenIds(
  store: Store,
  selection: QuarantineSelection,
  { afterId, limit }: { readonly afterId: number; readonly limit: number },
): Promise<number[]> {
  const rows = await select(store, selection)
    .select('id')
    .where('resolved_at', 'is', null)
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

function select(
  store: Store,
  { reason, deviceId, deviceIds }: QuarantineSelection,
): SelectQueryBuilder<Database, 'quarantine', object> {
  let query = store.db.selectFrom('quarantine');
  if (reason !== undefined) query = query.where('reason', '=', reason);
  if (deviceId !== undefined) query = query.where('device_id', '=', deviceId);
  if (deviceIds?.length === 0) query = query.where('id', 'is', null);
  else if (deviceIds !== undefined) query = query.where('device_id', 'in', deviceIds);
  return query;
}
