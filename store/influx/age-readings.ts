import { sql } from 'kysely';
import type { NotNull } from 'kysely';
import { LOWEST_LEVEL_QUALITY, qualityCode } from '../../domain/quality.ts';
import type { Store } from '../database.ts';
import {
  dropReadings,
  moveHoursBefore,
  moveRecentSince,
  readRecentSince,
} from '../recent-readings.ts';
import { hourOf } from './hours.ts';
import type { HourOfBin } from './hours.ts';
import { HOUR_MS } from './influx-levels.ts';
import type { LongMemory } from './long-memory.ts';

/** What a round of ageing did. */
export interface Aged {
  /** Readings that SQL has no longer. */
  readonly dropped: number;
  /** Bins of which InfluxDB has fewer readings than SQL: as long as there are any, nothing goes. */
  readonly lacking: readonly string[];
}

export interface AgeOptions {
  /** Where retention's clock stands, see `advanceRetentionClock`. */
  readonly clockMs: number;
  /** How long SQL keeps readings that InfluxDB has. */
  readonly recentMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** One round looks at this much more of the past, so that the first one does not ask for years at once. */
const LONGEST_STEP_MS = 7 * 24 * HOUR_MS;

/**
 * Lets go of what SQL has kept long enough beside an InfluxDB: computes the hours of the next stretch of time, sees that
 * InfluxDB has as many readings of every bin as SQL, and only then deletes. Like all that is deleted, it follows marks of the tables,
 * not the times in messages alone.
 */
export async function ageReadings(
  store: Store,
  memory: LongMemory,
  { clockMs, recentMs, signal }: AgeOptions,
): Promise<Aged> {
  const mark = await store.db
    .selectFrom('retention_marks')
    .selectAll()
    .where('at', '<', clockMs - recentMs)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (mark === undefined) return { dropped: 0, lacking: [] };
  const lacking = await moveOn(store, memory, mark);
  const beforeMs = await readRecentSince(store);
  if (beforeMs === undefined) return { dropped: 0, lacking };
  const span = { beforeMs, throughUplinkId: mark.uplink_id, signal };
  return { dropped: await dropReadings(store, span), lacking };
}

interface Mark {
  readonly at: number;
  readonly uplink_id: number;
}

/** Moves the beginning of the recent readings on by one stretch; returns the bins that prevent it. */
async function moveOn(store: Store, memory: LongMemory, mark: Mark): Promise<string[]> {
  const sinceMs = await readRecentSince(store);
  const fromMs = sinceMs ?? (await findOldest(store));
  if (fromMs === undefined) return [];
  const waitingMs = (await findOldestWaiting(store, mark)) ?? Infinity;
  const untilMs = hourOf(Math.min(mark.at, waitingMs, fromMs + LONGEST_STEP_MS));
  if (untilMs <= fromMs) return [];
  await moveHoursBefore(store, untilMs);
  // What is older than the oldest of SQL is nowhere: the first stretch begins with all that was.
  const span = { fromMs: sinceMs === undefined ? 0 : fromMs, toMs: untilMs - 1 };
  const lacking = await findLacking(store, memory, span);
  if (lacking.length > 0) return lacking;
  await makeHours(store, memory, span);
  await moveRecentSince(store, untilMs);
  return [];
}

async function findOldest(store: Store): Promise<number | undefined> {
  const row = await store.db
    .selectFrom('readings')
    .select(({ fn }) => fn.min<number | null>('observed_at').as('at'))
    .where('bin_id', 'is not', null)
    .executeTakeFirst();
  return row?.at ?? undefined;
}

/** What InfluxDB has not got for long must not fall between the two. What came since the mark does not count: some always waits. */
async function findOldestWaiting(store: Store, mark: Mark): Promise<number | undefined> {
  const row = await store.db
    .selectFrom('outbox')
    .innerJoin('readings', 'readings.id', 'outbox.reading_id')
    .select(({ fn }) => fn.min<number | null>('readings.observed_at').as('at'))
    .where('readings.uplink_id', '<=', mark.uplink_id)
    .executeTakeFirst();
  return row?.at ?? undefined;
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

async function findLacking(store: Store, memory: LongMemory, span: Span): Promise<string[]> {
  const theirs = await memory.countReadings(span);
  const waiting = await countWaiting(store, span);
  const rejected = await countRejected(store, span);
  const lacking: string[] = [];
  for (const binIds of await listBins(store)) {
    const rows = await store.db
      .selectFrom('readings')
      .select(({ fn }) => ['bin_id', fn.countAll<number>().as('count')])
      .where('bin_id', 'in', binIds)
      .$narrowType<{ bin_id: NotNull }>()
      .where('observed_at', '>=', span.fromMs)
      .where('observed_at', '<=', span.toMs)
      .groupBy('bin_id')
      .execute();
    for (const { bin_id, count } of rows) {
      const kept = (waiting.get(bin_id) ?? 0) + (rejected.get(bin_id) ?? 0);
      if (count - kept > (theirs.get(bin_id) ?? 0)) lacking.push(bin_id);
    }
  }
  return lacking;
}

/** Readings that InfluxDB has refused stay in SQL. */
async function countRejected(store: Store, span: Span): Promise<Map<string, number>> {
  const rows = await store.db
    .selectFrom('influx_rejects')
    .innerJoin('readings', 'readings.id', 'influx_rejects.reading_id')
    .select(({ fn }) => ['readings.bin_id', fn.countAll<number>().as('count')])
    .where('readings.observed_at', '>=', span.fromMs)
    .where('readings.observed_at', '<=', span.toMs)
    .where('readings.id', 'not in', (eb) => eb.selectFrom('outbox').select('reading_id'))
    .groupBy('readings.bin_id')
    .execute();
  return new Map(rows.map(({ bin_id, count }) => [bin_id ?? '', count]));
}

/** Late readings that are on their way: they stay in SQL until they are there. */
async function countWaiting(store: Store, span: Span): Promise<Map<string, number>> {
  const rows = await store.db
    .selectFrom('outbox')
    .innerJoin('readings', 'readings.id', 'outbox.reading_id')
    .select(({ fn }) => ['readings.bin_id', fn.count<number>('readings.id').distinct().as('count')])
    .where('readings.observed_at', '>=', span.fromMs)
    .where('readings.observed_at', '<=', span.toMs)
    .groupBy('readings.bin_id')
    .execute();
  return new Map(rows.map(({ bin_id, count }) => [bin_id ?? '', count]));
}

const BINS_PER_QUERY = 200;

async function listBins(store: Store): Promise<string[][]> {
  const rows = await store.db.selectFrom('bins').select('id').orderBy('id').execute();
  const groups: string[][] = [];
  for (let start = 0; start < rows.length; start += BINS_PER_QUERY) {
    groups.push(rows.slice(start, start + BINS_PER_QUERY).map(({ id }) => id));
  }
  return groups;
}

/**
 * Writes the hours of a span, computed from SQL. Where readings came or changed meanwhile, theirs are computed again: whatever comes
 * after the last look makes its hour anew by itself, since the mark that tells it so was set before.
 */
async function makeHours(store: Store, memory: LongMemory, span: Span): Promise<void> {
  for (const binIds of await listBins(store)) {
    let hours = await computeHours(store, binIds, span);
    for (let written = ''; written !== JSON.stringify(hours);) {
      written = JSON.stringify(hours);
      await memory.writeHours(hours);
      hours = await computeHours(store, binIds, span);
    }
  }
}

async function computeHours(
  store: Store,
  binIds: readonly string[],
  { fromMs, toMs }: Span,
): Promise<HourOfBin[]> {
  const hour = sql<number>`observed_at - observed_at % ${sql.lit(HOUR_MS)}`;
  const rows = await store.db
    .selectFrom('readings')
    .select(({ fn }) => [
      'bin_id',
      hour.as('at'),
      fn.min<number>('fill_percent').as('min'),
      fn.max<number>('fill_percent').as('max'),
      fn.sum<number>('fill_percent').as('total'),
      fn.countAll<number>().as('count'),
    ])
    .where('bin_id', 'in', binIds)
    .$narrowType<{ bin_id: NotNull }>()
    .where('observed_at', '>=', fromMs)
    .where('observed_at', '<=', toMs)
    .where('fill_percent', 'is not', null)
    .where('quality', '>=', qualityCode(LOWEST_LEVEL_QUALITY))
    .groupBy(['bin_id', hour])
    .orderBy('bin_id')
    .orderBy('at')
    .execute();
  return rows.map(({ bin_id, at, ...rest }) => ({ binId: bin_id, atMs: at, ...rest }));
}
