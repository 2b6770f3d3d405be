import type { BinId, DeviceId } from '../domain/ids.ts';
import { appendAudit, entryAboutMany } from './audit.ts';
import type { AuditEntry } from './audit.ts';
import type { Store, Trx } from './database.ts';
import {
  listMountingRows,
  refuseGeometry,
  refuseOverlap,
  refuseSpan,
  refuseUnknownBin,
  tellOfMounting,
} from './mounting-rows.ts';
import type { MountOptions, MountRefusal, MountResult } from './mounting-rows.ts';
import { toGeometryColumns } from './mountings.ts';
import type { Mounting } from './mountings.ts';
import { beginRecompute, finishRecomputes } from './recompute.ts';
import type { MountingRow } from './schema.ts';
import { lockForWriting } from './write-lock.ts';

export type { MountResult } from './mounting-rows.ts';

export type NewMounting = Pick<Mounting, 'deviceId' | 'binId' | 'geometry'> & {
  /** Left out: as far back as readings go for a device's first mounting, else `nowMs`. */
  readonly fromMs?: number;
  /** Left out: until further notice. */
  readonly toMs?: number;
};

/**
 * Mounts a device in a bin. Its mounting until now, if any, ends where the new one begins; one that begins at the very same
 * time is corrected instead. The readings of the span, and only those, are computed anew from their raw values, the newest of
 * them together with the mounting, the others in further steps. Nothing is changed when the result is not ok.
 */
export async function mountDevice(
  store: Store,
  mounting: NewMounting,
  nowMs: number,
  options: MountOptions = {},
): Promise<MountResult> {
  const [result] = await mountDevices(store, [mounting], nowMs, options);
  if (result === undefined) throw new Error('One mounting has one result');
  return result;
}

/**
 * Mounts many devices in one transaction, each as {@link mountDevice} does; one that cannot be mounted does not keep the
 * others from it. A hundred devices take as long as a handful one by one, because they share a commit.
 */
export async function mountDevices(
  store: Store,
  mountings: readonly NewMounting[],
  nowMs: number,
  options: MountOptions = {},
): Promise<MountResult[]> {
  const results = await store.db.transaction().execute(async (trx) => {
    await lockForWriting(trx, store.kind);
    const all: MountResult[] = [];
    for (const mounting of mountings) {
      all.push(await mountOne(trx, store, mounting, { ...options, nowMs }));
    }
    const done = mountings.filter((_, index) => all[index]?.ok === true);
    await appendAudit(trx, store, describeMountings(done));
    return all;
  });
  const deviceIds = mountings.map(({ deviceId }) => deviceId);
  // A whole town would be too long a list for one question.
  await finishRecomputes(store, deviceIds.length > MOST_NAMED ? undefined : deviceIds, options);
  return results;
}

const MOST_NAMED = 1_000;

function describeMountings(mountings: readonly NewMounting[]): AuditEntry[] {
  const ids = mountings.map(({ deviceId }) => deviceId);
  return entryAboutMany('mounting-made', ids, ids.length === 1 ? { ...mountings[0] } : {});
}

type StepOptions = MountOptions & { readonly nowMs: number };

async function mountOne(
  trx: Trx,
  store: Store,
  mounting: NewMounting,
  options: StepOptions,
): Promise<MountResult> {
  const refusal =
    refuseGeometry(mounting.geometry) ??
    (await refuseUnknownBin(trx, mounting.binId)) ??
    (await refuseUnknownDevice(trx, mounting.deviceId));
  if (refusal !== undefined) return refusal;
  const earlier = await listMountingRows(trx, mounting.deviceId);
  const fromMs = mounting.fromMs ?? (earlier.length === 0 ? 0 : options.nowMs);
  const same = earlier.find(({ from_at }) => from_at === fromMs);
  const others = earlier.filter((row) => row !== same);
  // One that ended as it began holds nothing, so it has no end worth keeping.
  const sameEnd = same?.to_at === fromMs ? null : (same?.to_at ?? null);
  const row = toRow(mounting, fromMs, mounting.toMs ?? sameEnd);
  const overlap = findOverlap(mounting, row, others);
  if (overlap !== undefined) return overlap;
  if (same === undefined) {
    await endAt(trx, others.at(-1), fromMs);
    await trx.insertInto('mountings').values(row).execute();
  } else await trx.updateTable('mountings').set(row).where('id', '=', same.id).execute();
  // Where a corrected one now ends earlier, its readings until its old end change, too.
  const toMs = same === undefined ? row.to_at : laterEnd(same.to_at, row.to_at);
  const span = { deviceId: mounting.deviceId, fromMs, toMs };
  const begun = await beginRecompute(trx, store, span, options);
  const last = (same ?? earlier.at(-1))?.bin_id;
  const binIds = [...begun.binIds, mounting.binId, ...(last === undefined ? [] : [last])];
  await tellOfMounting(trx, store, mounting.deviceId, binIds);
  return { ok: true, recomputedReadings: begun.readings };
}

/** Without an end, a mounting ends the one that stands; with one it must find room. */
function findOverlap(
  { toMs }: NewMounting,
  row: Omit<MountingRow, 'id'>,
  others: readonly MountingRow[],
): MountRefusal | undefined {
  if (toMs !== undefined || others.length === 0) return refuseSpan(row, others);
  const last = others.at(-1);
  if (last !== undefined && last.to_at === null && last.from_at < row.from_at) {
    return refuseSpan(row, others.slice(0, -1));
  }
  const later = others.find(({ from_at }) => from_at > row.from_at);
  if (row.to_at === null && later !== undefined) return refuseOverlap(later);
  return refuseSpan(row, others);
}

/** Ends a mounting that holds until further notice. */
async function endAt(trx: Trx, standing: MountingRow | undefined, toMs: number): Promise<void> {
  if (standing === undefined || standing.to_at !== null || standing.from_at >= toMs) return;
  await trx.updateTable('mountings').set({ to_at: toMs }).where('id', '=', standing.id).execute();
}

/** A device that was taken out of its bin. */
export interface Unmounted {
  readonly binId: BinId;
  /** Readings from then on, which belong to no bin now. */
  readonly recomputedReadings: number;
}

/**
 * Takes a device out of its bin at a time, but not before it came into it. Readings from then on belong to no bin. Returns
 * `undefined` when it was in none.
 */
export async function unmountDevice(
  store: Store,
  deviceId: DeviceId,
  atMs: number,
  options: MountOptions & { readonly nowMs?: number } = {},
): Promise<Unmounted | undefined> {
  const unmounted = await store.db.transaction().execute(async (trx) => {
    await lockForWriting(trx, store.kind);
    const open = (await listMountingRows(trx, deviceId)).find((row) => row.to_at === null);
    if (open === undefined) return undefined;
    const fromMs = Math.max(atMs, open.from_at);
    await trx.updateTable('mountings').set({ to_at: fromMs }).where('id', '=', open.id).execute();
    const span = { deviceId, fromMs, toMs: null };
    const begun = await beginRecompute(trx, store, span, { nowMs: atMs, ...options });
    await tellOfMounting(trx, store, deviceId, [...begun.binIds, open.bin_id]);
    const detail = { binId: open.bin_id, toMs: fromMs };
    await appendAudit(trx, store, [{ action: 'mounting-ended', subject: deviceId, detail }]);
    // Safe: only mountDevice writes the column, from a BinId.
    return { binId: open.bin_id as BinId, recomputedReadings: begun.readings };
  });
  await finishRecomputes(store, [deviceId], options);
  return unmounted;
}

function toRow(
  mounting: NewMounting,
  fromMs: number,
  toMs: number | null,
): Omit<MountingRow, 'id'> {
  return {
    device_id: mounting.deviceId,
    bin_id: mounting.binId,
    from_at: fromMs,
    to_at: toMs,
    ...toGeometryColumns(mounting.geometry),
  };
}

function laterEnd(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b);
}

async function refuseUnknownDevice(trx: Trx, id: DeviceId): Promise<MountRefusal | undefined> {
  const device = await trx
    .selectFrom('devices')
    .select('id')
    .where('id', '=', id)
    .executeTakeFirst();
  if (device !== undefined) return undefined;
  return { ok: false, reason: 'no-such-device', detail: `there is no device ${id}` };
}
