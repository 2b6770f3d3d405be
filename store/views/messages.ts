import type { Store } from '../database.ts';
import type { UplinkRow } from '../schema.ts';

/** A message as it came in, byte for byte. */
export interface MessageView {
  readonly uplinkId: number;
  readonly receivedAtMs: number;
  /** The journal it came through. */
  readonly door: string;
  readonly principal: string | null;
  readonly topic: string;
  readonly payload: Buffer;
  readonly kind: UplinkRow['kind'];
  readonly readingIds: readonly number[];
}

/** A bin's sensor is swapped every few years; older mountings than this many are not looked through. */
const MAX_MOUNTINGS = 50;

/**
 * The newest messages of the devices in a bin, each device for the time it was mounted there, newest first.
 * @returns `undefined` when there is no such bin
 */
export async function listMessages(
  store: Store,
  binId: string,
  limit: number,
): Promise<MessageView[] | undefined> {
  const uplinkIds = await findNewestUplinks(store, binId, limit);
  if (uplinkIds.length === 0) {
    return (await hasBin(store, binId)) ? [] : undefined;
  }
  const uplinks = await store.db
    .selectFrom('uplinks')
    .select(['id', 'received_at', 'door', 'principal', 'topic', 'payload', 'kind'])
    .where('id', 'in', uplinkIds)
    .orderBy('received_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  const readingIds = await listReadingIds(store, uplinkIds);
  return uplinks.map((row) => toMessageView(row, readingIds.get(row.id) ?? []));
}

export function toMessageView(
  row: Pick<UplinkRow, 'id' | 'received_at' | 'door' | 'principal' | 'topic' | 'payload' | 'kind'>,
  readingIds: readonly number[],
): MessageView {
  return {
    uplinkId: row.id,
    receivedAtMs: row.received_at,
    door: row.door,
    principal: row.principal,
    topic: row.topic,
    payload: row.payload,
    kind: row.kind,
    readingIds,
  };
}

/** The readings of each uplink, in the order they stood in the message. */
export async function listReadingIds(
  store: Store,
  uplinkIds: readonly number[],
): Promise<Map<number, number[]>> {
  const rows = await store.db
    .selectFrom('readings')
    .select(['uplink_id', 'id'])
    .where('uplink_id', 'in', uplinkIds)
    .orderBy('uplink_id')
    .orderBy('part')
    .execute();
  const ids = new Map<number, number[]>();
  for (const { uplink_id, id } of rows) {
    const known = ids.get(uplink_id);
    if (known === undefined) ids.set(uplink_id, [id]);
    else known.push(id);
  }
  return ids;
}

async function hasBin(store: Store, binId: string): Promise<boolean> {
  const row = await store.db
    .selectFrom('bins')
    .select('id')
    .where('id', '=', binId)
    .executeTakeFirst();
  return row !== undefined;
}

/** One limited walk down the index of each device's uplinks, all in one query. */
async function findNewestUplinks(store: Store, binId: string, limit: number): Promise<number[]> {
  const mountings = await store.db
    .selectFrom('mountings')
    .select(['device_id', 'from_at', 'to_at'])
    .where('bin_id', '=', binId)
    .orderBy('from_at', 'desc')
    .limit(MAX_MOUNTINGS)
    .execute();
  const [first, ...others] = mountings.map(({ device_id, from_at, to_at }) => {
    let newest = store.db
      .selectFrom('uplinks')
      .select(['id', 'received_at'])
      .where('device_id', '=', device_id)
      .where('received_at', '>=', from_at);
    if (to_at !== null) newest = newest.where('received_at', '<', to_at);
    newest = newest.orderBy('received_at', 'desc').orderBy('id', 'desc').limit(limit);
    return store.db.selectFrom(newest.as('newest')).selectAll();
  });
  if (first === undefined) return [];
  const all = others.reduce((union, one) => union.unionAll(one), first);
  const rows = await store.db
    .selectFrom(all.as('uplinks'))
    .select('id')
    .orderBy('received_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}
