import type { Store, Trx } from '../database.ts';
import { queueForInflux } from '../outbox.ts';
import { lockForWriting } from '../write-lock.ts';
import type { InfluxTarget } from './influx-target.ts';

/*
 * Readings that were stored while this InfluxDB was not chosen are put into the outbox page by page, and how far that has come is
 * kept, so that an end in its middle costs nothing. What is stored meanwhile puts itself there.
 */

const READINGS_PER_PAGE = 5_000;

/** Finds out what the InfluxDB lacks; call it at every start. Returns how many readings at most are still to be put into the outbox. */
export async function beginBackfill(
  store: Store,
  { name }: Pick<InfluxTarget, 'name'>,
): Promise<number> {
  return store.db.transaction().execute(async (trx) => {
    await lockForWriting(trx, store.kind);
    const newest = await trx
      .selectFrom('readings')
      .select((eb) => eb.fn.max('id').as('id'))
      .executeTakeFirst();
    const through_id = newest?.id ?? 0;
    const feed = await readFeed(trx, name);
    if (feed === undefined) {
      await trx
        .insertInto('influx_feeds')
        .values({ target: name, next_id: 0, through_id })
        .execute();
      return through_id;
    }
    await trx.updateTable('influx_feeds').set({ through_id }).where('target', '=', name).execute();
    return Math.max(0, through_id + 1 - feed.next_id);
  });
}

/** Puts the next page into the outbox. Returns how many readings that were; `undefined` when there are no more pages. */
export async function queueBackfillPage(
  store: Store,
  { name }: Pick<InfluxTarget, 'name'>,
): Promise<number | undefined> {
  return store.db.transaction().execute(async (trx) => {
    await lockForWriting(trx, store.kind);
    const feed = await readFeed(trx, name);
    if (feed === undefined || feed.next_id > feed.through_id) return undefined;
    const rows = await trx
      .selectFrom('readings')
      .select('id')
      .where('id', '>=', feed.next_id)
      .where('id', '<=', feed.through_id)
      .orderBy('id')
      .limit(READINGS_PER_PAGE)
      .execute();
    const last = rows.length < READINGS_PER_PAGE ? feed.through_id : (rows.at(-1)?.id ?? 0);
    const waiting = await trx
      .selectFrom('outbox')
      .select('reading_id')
      .where('reading_id', '>=', feed.next_id)
      .where('reading_id', '<=', last)
      .where('former_bin_id', 'is', null)
      .execute();
    const there = new Set(waiting.map((row) => row.reading_id));
    const lacking = rows.map(({ id }) => id).filter((id) => !there.has(id));
    await queueForInflux(trx, store, lacking);
    const next_id = last + 1;
    await trx.updateTable('influx_feeds').set({ next_id }).where('target', '=', name).execute();
    return lacking.length;
  });
}

/** Begins anew with the oldest reading, for an InfluxDB that has lost what it had. Returns how many readings that are at most. */
export async function restartBackfill(
  store: Store,
  target: Pick<InfluxTarget, 'name'>,
): Promise<number> {
  await store.db.deleteFrom('influx_feeds').where('target', '=', target.name).execute();
  return beginBackfill(store, target);
}

/** Whether everything that SQL had when this InfluxDB was chosen is in the outbox or in InfluxDB. */
export async function isBackfilled(
  store: Store,
  { name }: Pick<InfluxTarget, 'name'>,
): Promise<boolean> {
  const feed = await readFeed(store.db, name);
  return feed !== undefined && feed.next_id > feed.through_id;
}

function readFeed(db: Store['db'] | Trx, name: string) {
  return db
    .selectFrom('influx_feeds')
    .select(['next_id', 'through_id'])
    .where('target', '=', name)
    .executeTakeFirst();
}
