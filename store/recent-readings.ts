import type { Db, Store, Trx } from './database.ts';
import { lockForWriting } from './write-lock.ts';

/*
 * Beside an InfluxDB, SQL keeps the recent readings only. Two times in `retention_clock` say how far that has come; both only ever
 * move forward: readings observed before the first have hourly levels in InfluxDB, readings observed before the second may be
 * gone from SQL. The first moves before anything is computed, so that whatever arrives meanwhile is added to what is computed.
 */
const HOURS_BEFORE = 'hourly-readings';
const RECENT_SINCE = 'recent-readings';

/** SQL has every reading observed at this time or later; `undefined`: it has all there ever were. */
export function readRecentSince({ db }: { readonly db: Db | Trx }): Promise<number | undefined> {
  return readTime(db, RECENT_SINCE);
}

/** Hours before this time are computed in InfluxDB; one that gets another reading is computed anew. */
export function readHoursBefore({ db }: { readonly db: Db | Trx }): Promise<number | undefined> {
  return readTime(db, HOURS_BEFORE);
}

export function moveHoursBefore(store: Store, atMs: number): Promise<void> {
  return moveTime(store, HOURS_BEFORE, atMs);
}

export function moveRecentSince(store: Store, atMs: number): Promise<void> {
  return moveTime(store, RECENT_SINCE, atMs);
}

async function readTime(db: Db | Trx, name: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('retention_clock')
    .select('at')
    .where('name', '=', name)
    .executeTakeFirst();
  return row?.at;
}

async function moveTime(store: Store, name: string, at: number): Promise<void> {
  await store.db.transaction().execute(async (trx) => {
    await lockForWriting(trx, store.kind);
    const before = await readTime(trx, name);
    if (before !== undefined && before >= at) return;
    await trx
      .insertInto('retention_clock')
      .values({ name, at })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ at }))
      .execute();
  });
}

/** Keeps a step to some tens of milliseconds: ingest waits for it. */
const READINGS_PER_STEP = 500;

/** Which readings may go. */
export interface DropSpan {
  /** Observed before this. */
  readonly beforeMs: number;
  /** Of uplinks that were stored no later than this one. */
  readonly throughUplinkId: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Deletes readings that InfluxDB has, in steps of a transaction each; their messages stay. What waits in the outbox or is
 * refused by InfluxDB, stands as a bin's level, belongs to no bin or is being computed anew stays too. Returns how many went.
 */
export async function dropReadings(store: Store, span: DropSpan): Promise<number> {
  let dropped = 0;
  for (let afterUplinkId = -1; span.signal?.aborted !== true;) {
    const step = await dropStep(store, span, afterUplinkId);
    dropped += step.dropped;
    if (step.lastUplinkId === undefined) break;
    afterUplinkId = step.lastUplinkId;
  }
  return dropped;
}

async function dropStep(
  store: Store,
  { beforeMs, throughUplinkId }: DropSpan,
  afterUplinkId: number,
): Promise<{ readonly dropped: number; readonly lastUplinkId: number | undefined }> {
  return store.db.transaction().execute(async (trx) => {
    await lockForWriting(trx, store.kind);
    const rows = await trx
      .selectFrom('readings')
      .select(['id', 'uplink_id', 'bin_id', 'device_id', 'observed_at'])
      .where('uplink_id', '>', afterUplinkId)
      .where('uplink_id', '<=', throughUplinkId)
      .orderBy('uplink_id')
      .limit(READINGS_PER_STEP)
      .execute();
    const lastUplinkId = rows.length < READINGS_PER_STEP ? undefined : rows.at(-1)?.uplink_id;
    const old = rows.filter(({ bin_id, observed_at }) => bin_id !== null && observed_at < beforeMs);
    if (old.length === 0) return { dropped: 0, lastUplinkId };
    const kept = await findKept(trx, old);
    const ids = old.filter(({ id }) => !kept.readings.has(id));
    const gone = ids.filter(({ device_id }) => !kept.devices.has(device_id)).map(({ id }) => id);
    if (gone.length > 0) await trx.deleteFrom('readings').where('id', 'in', gone).execute();
    return { dropped: gone.length, lastUplinkId };
  });
}

async function findKept(
  trx: Trx,
  rows: readonly { readonly id: number; readonly bin_id: string | null }[],
): Promise<{ readonly readings: ReadonlySet<number>; readonly devices: ReadonlySet<string> }> {
  const ids = rows.map(({ id }) => id);
  const waiting = await trx
    .selectFrom('outbox')
    .select('reading_id')
    .where('reading_id', 'in', ids)
    .execute();
  const levels = await trx
    .selectFrom('bin_states')
    .select('reading_id')
    .where(
      'bin_id',
      'in',
      rows.flatMap(({ bin_id }) => bin_id ?? []),
    )
    .execute();
  const rejected = await trx
    .selectFrom('influx_rejects')
    .select('reading_id')
    .where('reading_id', 'in', ids)
    .execute();
  const recomputing = await trx.selectFrom('recomputes').select('device_id').execute();
  return {
    readings: new Set([...waiting, ...rejected, ...levels].map(({ reading_id }) => reading_id)),
    devices: new Set(recomputing.map(({ device_id }) => device_id)),
  };
}
