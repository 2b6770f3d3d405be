import { refreshBinStates } from './bin-states.ts';
import { appendChanges } from './changes.ts';
import type { Store, Trx } from './database.ts';
import { lockForWriting } from './write-lock.ts';

/*
 * What is deleted is never told by a clock alone. Retention has a clock of its own, which follows the machine's slowly; once a day of
 * it, it marks how far the tables have come; and it deletes what was there at a mark that is old enough. So neither a machine's clock
 * that jumps ahead nor times in messages that were received under a wrong one delete anything before somebody has noticed.
 */

const DAY_MS = 24 * 3_600_000;
const CLOCK = 'retention';

/** How much faster than time itself retention's clock makes up for what it is behind: a week in 17 hours. */
const CATCH_UP = 10;

/** Keeps a step to some tens of milliseconds: ingest waits for it. */
const UPLINKS_PER_STEP = 500;

/**
 * Moves retention's clock on by a round. It never goes back, and at most ten times as fast as the rounds come.
 * @param roundMs time between two rounds
 * @returns where it stands; the machine's time at the very first round
 */
export async function advanceRetentionClock(
  store: Store,
  nowMs: number,
  roundMs: number,
): Promise<number> {
  return store.db.transaction().execute(async (trx) => {
    await lockForWriting(trx, store.kind);
    const row = await trx
      .selectFrom('retention_clock')
      .select('at')
      .where('name', '=', CLOCK)
      .executeTakeFirst();
    const at =
      row === undefined
        ? nowMs
        : row.at + Math.max(0, Math.min(nowMs - row.at, CATCH_UP * roundMs));
    await trx
      .insertInto('retention_clock')
      .values({ name: CLOCK, at })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ at }))
      .execute();
    await markDay(trx, at);
    return at;
  });
}

/** Notes once a day how far the tables have come. */
async function markDay(trx: Trx, at: number): Promise<void> {
  const last = await trx
    .selectFrom('retention_marks')
    .select(['at', 'uplink_id'])
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (last !== undefined && at < last.at + DAY_MS) return;
  const uplink = await trx
    .selectFrom('uplinks')
    .select((eb) => eb.fn.max('id').as('id'))
    .executeTakeFirst();
  const quarantined = await trx
    .selectFrom('quarantine')
    .select((eb) => eb.fn.max('id').as('id'))
    .executeTakeFirst();
  const span = { afterId: last?.uplink_id ?? -1, throughId: uplink?.id ?? 0 };
  const mark = {
    at,
    uplink_id: span.throughId,
    quarantine_id: quarantined?.id ?? 0,
    backfilled_since: await findBackfilledSince(trx, span),
  };
  await trx.insertInto('retention_marks').values(mark).execute();
}

async function findBackfilledSince(
  trx: Trx,
  { afterId, throughId }: { readonly afterId: number; readonly throughId: number },
): Promise<number | null> {
  const row = await trx
    .selectFrom('uplinks')
    .innerJoin('readings', 'readings.uplink_id', 'uplinks.id')
    .select(({ fn }) => fn.min<number | null>('readings.observed_at').as('at'))
    .where('uplinks.id', '>', afterId)
    .where('uplinks.id', '<=', throughId)
    .where('uplinks.backfill', '=', 1)
    .executeTakeFirst();
  return row?.at ?? null;
}

/** What one run of retention deleted. */
export interface Dropped {
  readonly uplinks: number;
  readonly quarantined: number;
  readonly commands: number;
}

/**
 * Deletes messages, their readings, quarantined messages and commands that have been kept for longer than `keepMs` of
 * retention's clock, in steps of a transaction each. Readings that InfluxDB has not got yet stay, and so does a message that was set
 * aside and has come again since.
 * @param clockMs what {@link advanceRetentionClock} returned
 */
export async function dropExpired(
  store: Store,
  { clockMs, keepMs, signal }: { clockMs: number; keepMs: number; signal?: AbortSignal },
): Promise<Dropped> {
  const cutoffMs = clockMs - keepMs;
  const mark = await store.db
    .selectFrom('retention_marks')
    .selectAll()
    .where('at', '<', cutoffMs)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (mark === undefined) return { uplinks: 0, quarantined: 0, commands: 0 };
  let uplinks = 0;
  for (let afterId = 0; signal?.aborted !== true;) {
    const step = await dropUplinks(store, afterId, mark.uplink_id);
    uplinks += step.dropped;
    if (step.lastId === undefined) break;
    afterId = step.lastId;
  }
  const rest = await dropTheRest(store, mark.quarantine_id, cutoffMs);
  return { uplinks, ...rest };
}

async function dropUplinks(
  store: Store,
  afterId: number,
  throughId: number,
): Promise<{ readonly dropped: number; readonly lastId: number | undefined }> {
  return store.db.transaction().execute(async (trx) => {
    await lockForWriting(trx, store.kind);
    const rows = await trx
      .selectFrom('uplinks')
      .select('id')
      .where('id', '>', afterId)
      .where('id', '<=', throughId)
      .orderBy('id')
      .limit(UPLINKS_PER_STEP)
      .execute();
    const lastId = rows.at(-1)?.id;
    if (lastId === undefined) return { dropped: 0, lastId };
    const waiting = await trx
      .selectFrom('outbox')
      .innerJoin('readings', 'readings.id', 'outbox.reading_id')
      .select('readings.uplink_id')
      .where('readings.uplink_id', '>', afterId)
      .where('readings.uplink_id', '<=', lastId)
      .execute();
    const kept = new Set(waiting.map(({ uplink_id }) => uplink_id));
    const ids = rows.map(({ id }) => id).filter((id) => !kept.has(id));
    if (ids.length > 0) await dropWithReadings(trx, store, ids);
    return { dropped: ids.length, lastId };
  });
}

async function dropWithReadings(trx: Trx, store: Store, ids: readonly number[]): Promise<void> {
  const levels = await trx
    .selectFrom('bin_states')
    .innerJoin('readings', 'readings.id', 'bin_states.reading_id')
    .select('bin_states.bin_id')
    .where('readings.uplink_id', 'in', ids)
    .execute();
  await trx
    .deleteFrom('influx_rejects')
    .where('reading_id', 'in', (eb) =>
      eb.selectFrom('readings').select('id').where('uplink_id', 'in', ids),
    )
    .execute();
  await trx.deleteFrom('readings').where('uplink_id', 'in', ids).execute();
  await trx.deleteFrom('uplinks').where('id', 'in', ids).execute();
  const binIds = levels.map(({ bin_id }) => bin_id);
  await refreshBinStates(trx, store, binIds);
  await appendChanges(
    trx,
    store.kind,
    binIds.map((id) => ({ kind: 'bin', id })),
  );
}

async function dropTheRest(
  store: Store,
  quarantineId: number,
  cutoffMs: number,
): Promise<Omit<Dropped, 'uplinks'>> {
  return store.db.transaction().execute(async (trx) => {
    await lockForWriting(trx, store.kind);
    const quarantined = await trx
      .deleteFrom('quarantine')
      .where('id', '<=', quarantineId)
      .where('last_received_at', '<', cutoffMs)
      .executeTakeFirst();
    const commands = await trx
      .deleteFrom('commands')
      .where('requested_at', '<', cutoffMs)
      .where('expires_at', '<', cutoffMs)
      .where('state', 'in', ['acknowledged', 'failed', 'expired'])
      .executeTakeFirst();
    // The mark itself is kept: it is the oldest day that anything is left of.
    await trx
      .deleteFrom('retention_marks')
      .where('at', '<', cutoffMs - DAY_MS)
      .execute();
    return {
      quarantined: Number(quarantined.numDeletedRows),
      commands: Number(commands.numDeletedRows),
    };
  });
}
