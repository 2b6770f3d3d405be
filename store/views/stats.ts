import { newestChange } from '../changes.ts';
import type { Store } from '../database.ts';
import { readTally } from '../tally.ts';
import type { TallyEntry } from '../tally.ts';

/** The town in numbers, apart from what follows from the bins' states. */
export interface TownNumbers {
  readonly devices: { readonly total: number; readonly heardLastHour: number };
  /** `lastHour`: observed then; what came late from longer ago is history. */
  readonly readings: { readonly total: number; readonly lastHour: number };
  readonly tally: readonly TallyEntry[];
  /** Messages set aside and not replayed since, by reason; equal messages count once. */
  readonly quarantineByReason: Readonly<Record<string, number>>;
  readonly lastChange: number;
}

const HOUR_MS = 3_600_000;

/** Counts everything. The total of readings walks an index of them all: callers keep the answer for a while. */
export async function readTownNumbers(store: Store, nowMs: number): Promise<TownNumbers> {
  const { db } = store;
  const sinceMs = nowMs - HOUR_MS;
  const devices = await db
    .selectFrom('devices')
    .leftJoin('device_states', 'device_states.device_id', 'devices.id')
    .select(({ fn }) => [
      fn.countAll<number>().as('total'),
      fn
        .count<number>('device_states.device_id')
        .filterWhere('device_states.last_seen_at', '>=', sinceMs)
        .as('heard'),
    ])
    .executeTakeFirstOrThrow();
  const total = await db
    .selectFrom('readings')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return {
    devices: { total: devices.total, heardLastHour: devices.heard },
    readings: { total: total.count, lastHour: await countReadingsSince(store, sinceMs) },
    tally: await readTally(db),
    quarantineByReason: await countQuarantine(store),
    lastChange: await newestChange(store),
  };
}

/** By way of the devices heard since then, whose readings lie in an index by time; readings alone have none. */
async function countReadingsSince(store: Store, sinceMs: number): Promise<number> {
  const { count } = await store.db
    .selectFrom('device_states')
    .innerJoin('readings', 'readings.device_id', 'device_states.device_id')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('device_states.last_seen_at', '>=', sinceMs)
    .where('readings.observed_at', '>=', sinceMs)
    .executeTakeFirstOrThrow();
  return count;
}

async function countQuarantine(store: Store): Promise<Record<string, number>> {
  const rows = await store.db
    .selectFrom('quarantine')
    .select(({ fn }) => ['reason', fn.countAll<number>().as('count')])
    .where('resolved_at', 'is', null)
    .groupBy('reason')
    .orderBy('reason')
    .execute();
  return Object.fromEntries(rows.map(({ reason, count }) => [reason, count]));
}
