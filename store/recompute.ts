import { setTimeout as delay } from 'node:timers/promises';
import { appendChanges } from './changes.ts';
import type { Db, Store, Trx } from './database.ts';
import { listMountings } from './mountings.ts';
import { recomputeStep, ROWS_PER_STEP } from './recompute-step.ts';
import type { ReadingSpan } from './recompute-step.ts';
import type { RecomputeRow } from './schema.ts';
import { lockForWriting } from './write-lock.ts';

/*
 * A corrected mounting has the readings of its span computed anew, in steps, each a transaction of its own: sensors go on
 * being heard meanwhile. What is not done yet stands in the table `recomputes`, so that whoever finds it there can go on; two who do
 * it at once only share the work. A step judges by the mountings as they are when it runs, as ingest does, so the readings
 * end the same however steps, messages and further corrections alternate.
 */

/** How far the readings of a span are computed anew. */
export interface RecomputeProgress extends ReadingSpan {
  readonly doneReadings: number;
  /** As many as there were when it began. */
  readonly totalReadings: number;
}

/** How far several spans are together; `null`: there are none. */
export function sumProgress(
  recomputes: readonly RecomputeProgress[],
): Pick<RecomputeProgress, 'doneReadings' | 'totalReadings'> | null {
  if (recomputes.length === 0) return null;
  return {
    doneReadings: recomputes.reduce((sum, { doneReadings }) => sum + doneReadings, 0),
    totalReadings: recomputes.reduce((sum, { totalReadings }) => sum + totalReadings, 0),
  };
}

export interface RecomputeOptions {
  /** Called after every step but a span's first. */
  readonly onProgress?: (progress: RecomputeProgress) => void;
  /** Leaves the rest for later. */
  readonly signal?: AbortSignal;
  readonly rowsPerStep?: number;
}

/** What the first step did. */
export interface BegunRecompute {
  readonly binIds: readonly string[];
  /** Readings of the span. */
  readonly readings: number;
}

/** Computes the newest readings of a span anew in the transaction that changes the mounting, and notes what is left to do. */
export async function beginRecompute(
  trx: Trx,
  store: Store,
  span: ReadingSpan,
  { nowMs, rowsPerStep = ROWS_PER_STEP }: { readonly nowMs: number; readonly rowsPerStep?: number },
): Promise<BegunRecompute> {
  const step = await recomputeStep(trx, store, span, { before: undefined, limit: rowsPerStep });
  const { binIds, next, readings } = step;
  if (next === undefined) return { binIds, readings };
  const total = await countReadings(trx, span);
  const row = {
    device_id: span.deviceId,
    from_at: span.fromMs,
    to_at: span.toMs,
    next_at: next.atMs,
    next_id: next.id,
    done: readings,
    total,
    requested_at: nowMs,
  };
  await trx.insertInto('recomputes').values(row).execute();
  return { binIds, readings: total };
}

/** How many readings lie in a span. */
export async function countReadings(db: Db | Trx, span: ReadingSpan): Promise<number> {
  const { deviceId, fromMs, toMs } = span;
  const { count } = await db
    .selectFrom('readings')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('device_id', '=', deviceId)
    .where('observed_at', '>=', fromMs)
    .$if(toMs !== null, (query) => query.where('observed_at', '<', toMs))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Everything that is left to compute anew, or that of some devices; oldest first. */
export async function listRecomputes(
  db: Db | Trx,
  deviceIds?: readonly string[],
): Promise<RecomputeProgress[]> {
  const rows = await selectRecomputes(db, deviceIds);
  return rows.map(toProgress);
}

/**
 * Does what is left to compute anew, of some devices or of all, until nothing is or the signal says so. A step that fails
 * leaves what was done, and rejects.
 */
export async function finishRecomputes(
  store: Store,
  deviceIds?: readonly string[],
  { onProgress, signal, rowsPerStep = ROWS_PER_STEP }: RecomputeOptions = {},
): Promise<void> {
  for (;;) {
    if (signal?.aborted === true) return;
    const [first] = await selectRecomputes(store.db, deviceIds);
    if (first === undefined) return;
    const startedMs = performance.now();
    const progress = await continueRecompute(store, first.id, rowsPerStep);
    if (progress !== undefined) onProgress?.(progress);
    // Processes that wait for SQLite's write lock ask for it now and then: they would hardly ever find it free.
    if (store.kind === 'sqlite') await delay(Math.min(250, performance.now() - startedMs));
  }
}

/** One step in a transaction of its own. Returns `undefined` when somebody else has done the last one. */
async function continueRecompute(
  store: Store,
  id: number,
  limit: number,
): Promise<RecomputeProgress | undefined> {
  return store.db.transaction().execute(async (trx) => {
    await lockForWriting(trx, store.kind);
    const row = await trx
      .selectFrom('recomputes')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const before = { atMs: row.next_at, id: row.next_id };
    const step = await recomputeStep(trx, store, toProgress(row), { before, limit });
    const done = row.done + step.readings;
    const binIds = new Set(step.binIds);
    if (step.next === undefined) {
      await trx.deleteFrom('recomputes').where('id', '=', id).execute();
      // Their pages show how far it is, whether the last step changed anything or not.
      for (const binId of await listBinIds(trx, toProgress(row))) binIds.add(binId);
    } else {
      const { atMs: next_at, id: next_id } = step.next;
      const moved = { next_at, next_id, done };
      await trx.updateTable('recomputes').set(moved).where('id', '=', id).execute();
    }
    await appendChanges(trx, store.kind, [
      { kind: 'device', id: row.device_id },
      ...[...binIds].map((binId) => ({ kind: 'bin' as const, id: binId })),
    ]);
    return { ...toProgress(row), doneReadings: done };
  });
}

/** Bins that a device was in during a span. */
async function listBinIds(trx: Trx, span: ReadingSpan): Promise<string[]> {
  const mountings = await listMountings(trx, [span.deviceId]);
  return mountings
    .filter(
      ({ fromMs, toMs }) => fromMs < (span.toMs ?? Infinity) && span.fromMs < (toMs ?? Infinity),
    )
    .map(({ binId }) => binId);
}

async function selectRecomputes(
  db: Db | Trx,
  deviceIds: readonly string[] | undefined,
): Promise<RecomputeRow[]> {
  if (deviceIds?.length === 0) return [];
  return db
    .selectFrom('recomputes')
    .selectAll()
    .$if(deviceIds !== undefined, (query) => query.where('device_id', 'in', deviceIds ?? []))
    .orderBy('id')
    .execute();
}

function toProgress(row: RecomputeRow): RecomputeProgress {
  return {
    deviceId: row.device_id,
    fromMs: row.from_at,
    toMs: row.to_at,
    doneReadings: row.done,
    totalReadings: row.total,
  };
}
