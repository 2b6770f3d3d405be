import type { Store } from '../database.ts';
import type { DeleteOld } from './delete-old.ts';
import { hourOf } from './hours.ts';

/**
 * The time before which InfluxDB may forget: by when readings were observed, since it knows no other time. History that was
 * imported counts from the day of its import, as in SQL, so it holds everything after its beginning back.
 */
export async function findForgettable(
  { db }: Store,
  { clockMs, keepMs }: { readonly clockMs: number; readonly keepMs: number },
): Promise<number> {
  const cutoffMs = clockMs - keepMs;
  const marks = await db
    .selectFrom('retention_marks')
    .select(({ fn }) => fn.min<number | null>('backfilled_since').as('at'))
    .where('at', '>=', cutoffMs)
    .executeTakeFirst();
  const newest = await db
    .selectFrom('retention_marks')
    .select(({ fn }) => fn.max<number | null>('uplink_id').as('id'))
    .executeTakeFirst();
  const since = await db
    .selectFrom('readings')
    .innerJoin('uplinks', 'uplinks.id', 'readings.uplink_id')
    .select(({ fn }) => fn.min<number | null>('readings.observed_at').as('at'))
    .where('uplinks.id', '>', newest?.id ?? -1)
    .where('uplinks.backfill', '=', 1)
    .executeTakeFirst();
  return hourOf(Math.max(0, Math.min(cutoffMs, marks?.at ?? Infinity, since?.at ?? Infinity)));
}

/** Has InfluxDB forget what is old enough. `false`: it cannot. */
export async function forgetOld(
  store: Store,
  deleteOld: DeleteOld,
  times: { readonly clockMs: number; readonly keepMs: number },
): Promise<boolean> {
  const beforeMs = await findForgettable(store, times);
  return beforeMs === 0 || deleteOld(beforeMs);
}
