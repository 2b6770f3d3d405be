import type { Geometry } from '../domain/geometry.ts';
import type { BinId } from '../domain/ids.ts';
import { appendAudit } from './audit.ts';
import type { Store, Trx } from './database.ts';
import {
  describeTime,
  listMountingRows,
  refuseGeometry,
  refuseSpan,
  refuseUnknownBin,
  tellOfMounting,
} from './mounting-rows.ts';
import type { MountOptions, MountRefusal, MountResult } from './mounting-rows.ts';
import { toGeometryColumns } from './mountings.ts';
import { beginRecompute, finishRecomputes } from './recompute.ts';
import type { ReadingSpan } from './recompute-step.ts';
import type { MountingRow } from './schema.ts';
import { lockForWriting } from './write-lock.ts';

/** What was wrong with a mounting; what is left out stays as it is. */
export interface MountingCorrection {
  readonly binId?: BinId;
  readonly fromMs?: number;
  /** `null`: it holds until further notice. */
  readonly toMs?: number | null;
  readonly geometry?: Geometry | null;
  /**
   * From when on bin and geometry are others: the mounting then ends there, and one with them begins. Left out: always.
   */
  readonly sinceMs?: number;
}

/**
 * Corrects a mounting, wherever in the past it lies. The readings of the span that it had and the one that it has now, and
 * no others, are computed anew. Nothing is changed when the result is not ok.
 */
export async function correctMounting(
  store: Store,
  mountingId: number,
  correction: MountingCorrection,
  { nowMs, ...options }: MountOptions & { readonly nowMs: number },
): Promise<MountResult> {
  let deviceId: string | undefined;
  const result = await store.db.transaction().execute(async (trx): Promise<MountResult> => {
    await lockForWriting(trx, store.kind);
    const plan = await planCorrection(trx, mountingId, correction);
    if (!plan.ok) return plan;
    deviceId = plan.standing.device_id;
    await writeRows(trx, plan);
    let recomputedReadings = 0;
    const binIds = [plan.standing.bin_id, ...plan.rows.map(({ bin_id }) => bin_id)];
    for (const span of plan.spans) {
      const begun = await beginRecompute(trx, store, span, { ...options, nowMs });
      recomputedReadings += begun.readings;
      binIds.push(...begun.binIds);
    }
    await tellOfMounting(trx, store, deviceId, binIds);
    const detail = { mountingId, ...correction };
    await appendAudit(trx, store, [{ action: 'mounting-corrected', subject: deviceId, detail }]);
    return { ok: true, recomputedReadings };
  });
  if (deviceId !== undefined) await finishRecomputes(store, [deviceId], options);
  return result;
}

/** What a correction would do. */
export interface CorrectionPlan {
  readonly ok: true;
  readonly standing: MountingRow;
  /** The mounting as it will be; two where it is cut. */
  readonly rows: readonly Omit<MountingRow, 'id'>[];
  /** Whose readings are to be computed anew. */
  readonly spans: readonly ReadingSpan[];
}

/** Finds out what a correction would do, without doing it. */
export async function planCorrection(
  trx: Trx,
  mountingId: number,
  correction: MountingCorrection,
): Promise<CorrectionPlan | MountRefusal> {
  const standing = await trx
    .selectFrom('mountings')
    .selectAll()
    .where('id', '=', mountingId)
    .executeTakeFirst();
  if (standing === undefined) {
    const detail = `there is no mounting ${mountingId}`;
    return { ok: false, reason: 'no-such-mounting', detail };
  }
  const { binId, geometry } = correction;
  const rows = toRows(standing, correction);
  const refusal =
    (geometry === undefined ? undefined : refuseGeometry(geometry)) ??
    (binId === undefined ? undefined : await refuseUnknownBin(trx, binId)) ??
    refuseCut(standing, correction) ??
    refuseRows(rows, await listOthers(trx, standing));
  if (refusal !== undefined) return refusal;
  return { ok: true, standing, rows, spans: changedSpans(standing, rows) };
}

function toRows(
  { id: _, ...standing }: MountingRow,
  correction: MountingCorrection,
): Omit<MountingRow, 'id'>[] {
  const { binId, fromMs, toMs, geometry, sinceMs } = correction;
  const from_at = fromMs ?? standing.from_at;
  const to_at = toMs === undefined ? standing.to_at : toMs;
  const corrected = {
    ...standing,
    from_at,
    to_at,
    ...(binId === undefined ? {} : { bin_id: binId }),
    ...(geometry === undefined ? {} : toGeometryColumns(geometry)),
  };
  if (sinceMs === undefined || sinceMs === from_at) return [corrected];
  return [
    { ...standing, from_at, to_at: sinceMs },
    { ...corrected, from_at: sinceMs },
  ];
}

function refuseCut(
  { from_at, to_at }: MountingRow,
  { fromMs = from_at, toMs = to_at, sinceMs }: MountingCorrection,
): MountRefusal | undefined {
  if (sinceMs === undefined) return undefined;
  if (sinceMs >= fromMs && sinceMs < (toMs ?? Infinity)) return undefined;
  const detail = `at ${describeTime(sinceMs)} the mounting does not hold, so it cannot change then`;
  return { ok: false, reason: 'bad-span', detail };
}

function refuseRows(
  rows: readonly Omit<MountingRow, 'id'>[],
  others: readonly MountingRow[],
): MountRefusal | undefined {
  for (const row of rows) {
    const refusal = refuseSpan(row, others);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

async function listOthers(trx: Trx, standing: MountingRow): Promise<MountingRow[]> {
  const rows = await listMountingRows(trx, standing.device_id);
  return rows.filter(({ id }) => id !== standing.id);
}

/** The spans it had and has: one where they touch. Of a mounting that is cut, only the part that becomes another. */
function changedSpans(
  standing: MountingRow,
  rows: readonly Omit<MountingRow, 'id'>[],
): ReadingSpan[] {
  const { device_id: deviceId, from_at, to_at } = standing;
  const last = rows.at(-1) ?? standing;
  const had = { deviceId, fromMs: from_at, toMs: to_at };
  const has = { deviceId, fromMs: last.from_at, toMs: last.to_at };
  const isCutOnly = rows.length > 1 && rows[0]?.from_at === from_at && last.to_at === to_at;
  if (isCutOnly) return [has];
  const whole = { ...has, fromMs: rows[0]?.from_at ?? has.fromMs };
  if (!touch(had, whole)) return [had, whole];
  const ends = [had.toMs ?? Infinity, whole.toMs ?? Infinity];
  const toMs = Math.max(...ends);
  return [
    {
      deviceId,
      fromMs: Math.min(had.fromMs, whole.fromMs),
      toMs: toMs === Infinity ? null : toMs,
    },
  ];
}

function touch(a: ReadingSpan, b: ReadingSpan): boolean {
  return a.fromMs <= (b.toMs ?? Infinity) && b.fromMs <= (a.toMs ?? Infinity);
}

async function writeRows(trx: Trx, { standing, rows }: CorrectionPlan): Promise<void> {
  const [first, second] = rows;
  if (first !== undefined) {
    await trx.updateTable('mountings').set(first).where('id', '=', standing.id).execute();
  }
  if (second !== undefined) await trx.insertInto('mountings').values(second).execute();
}
