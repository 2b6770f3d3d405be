import { findGeometryMistake } from '../domain/geometry.ts';
import type { BinId, DeviceId } from '../domain/ids.ts';
import { appendChanges } from './changes.ts';
import type { Store, Trx } from './database.ts';
import type { Mounting } from './mountings.ts';
import { recomputeReadings } from './recompute.ts';
import type { MountingRow } from './schema.ts';
import { lockForWriting } from './write-lock.ts';

export type NewMounting = Pick<Mounting, 'deviceId' | 'binId' | 'geometry'> & {
  /** Left out: as far back as readings go for a device's first mounting, else `nowMs`. */
  readonly fromMs?: number;
};

export type MountResult =
  | { readonly ok: true; readonly recomputedReadings: number }
  | {
      readonly ok: false;
      readonly reason: 'no-such-bin' | 'no-such-device' | 'bad-geometry' | 'overlap';
      readonly detail: string;
    };

/**
 * Mounts a device in a bin. Its mounting until now, if any, ends where the new one begins; one that begins at the very same
 * time is corrected instead. The readings of the span, and only those, are computed anew from their raw values. Nothing is
 * changed when the result is not ok.
 */
export async function mountDevice(
  store: Store,
  mounting: NewMounting,
  nowMs: number,
): Promise<MountResult> {
  const [result] = await mountDevices(store, [mounting], nowMs);
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
): Promise<MountResult[]> {
  return store.db.transaction().execute(async (trx) => {
    await lockForWriting(trx, store.kind);
    const results: MountResult[] = [];
    for (const mounting of mountings) results.push(await mountOne(trx, store, mounting, nowMs));
    return results;
  });
}

async function mountOne(
  trx: Trx,
  store: Store,
  mounting: NewMounting,
  nowMs: number,
): Promise<MountResult> {
  const mistake = mounting.geometry === null ? undefined : findGeometryMistake(mounting.geometry);
  if (mistake !== undefined) return { ok: false, reason: 'bad-geometry', detail: mistake };
  const missing = await findMissing(trx, mounting);
  if (missing !== undefined) return missing;
  const earlier = await listMountingRows(trx, mounting.deviceId);
  const fromMs = mounting.fromMs ?? (earlier.length === 0 ? 0 : nowMs);
  const same = earlier.find(({ from_at }) => from_at === fromMs);
  if (same !== undefined) return correctMounting(trx, store, same, mounting);
  const last = earlier.at(-1);
  if (last !== undefined && (fromMs < (last.to_at ?? fromMs) || fromMs <= last.from_at)) {
    const detail = `device ${mounting.deviceId} is in bin ${last.bin_id} from ${describeTime(last.from_at)}; a new mounting must begin later, or at the same time to correct it`;
    return { ok: false, reason: 'overlap', detail };
  }
  if (last !== undefined && last.to_at === null) {
    await trx.updateTable('mountings').set({ to_at: fromMs }).where('id', '=', last.id).execute();
  }
  await trx.insertInto('mountings').values(toRow(mounting, fromMs)).execute();
  const recomputed = await recomputeReadings(trx, store, mounting.deviceId, fromMs);
  await tell(trx, store, mounting.deviceId, [
    ...recomputed.binIds,
    mounting.binId,
    ...(last ? [last.bin_id] : []),
  ]);
  return { ok: true, recomputedReadings: recomputed.readings };
}

async function correctMounting(
  trx: Trx,
  store: Store,
  standing: MountingRow,
  mounting: NewMounting,
): Promise<MountResult> {
  const { id, device_id, from_at, to_at } = standing;
  const corrected = { ...toRow(mounting, from_at), to_at };
  await trx.updateTable('mountings').set(corrected).where('id', '=', id).execute();
  const recomputed = await recomputeReadings(trx, store, device_id, from_at, to_at);
  await tell(trx, store, device_id, [...recomputed.binIds, standing.bin_id, mounting.binId]);
  return { ok: true, recomputedReadings: recomputed.readings };
}

/** Takes a device out of its bin. Readings from then on belong to no bin. Returns the bin, or `undefined` when it was in none. */
export async function unmountDevice(
  store: Store,
  deviceId: DeviceId,
  nowMs: number,
): Promise<BinId | undefined> {
  return store.db.transaction().execute(async (trx) => {
    await lockForWriting(trx, store.kind);
    const open = (await listMountingRows(trx, deviceId)).find((row) => row.to_at === null);
    if (open === undefined) return undefined;
    const toMs = Math.max(nowMs, open.from_at);
    await trx.updateTable('mountings').set({ to_at: toMs }).where('id', '=', open.id).execute();
    const recomputed = await recomputeReadings(trx, store, deviceId, toMs);
    await tell(trx, store, deviceId, [...recomputed.binIds, open.bin_id]);
    // Safe: only mountDevice writes the column, from a BinId.
    return open.bin_id as BinId;
  });
}

function toRow(mounting: NewMounting, fromMs: number): Omit<MountingRow, 'id'> {
  const { geometry } = mounting;
  return {
    device_id: mounting.deviceId,
    bin_id: mounting.binId,
    from_at: fromMs,
    to_at: null,
    shape: geometry?.shape ?? null,
    empty_distance_mm: geometry?.emptyDistanceMm ?? null,
    full_distance_mm: geometry?.fullDistanceMm ?? null,
    blind_zone_mm: geometry?.blindZoneMm ?? null,
  };
}

async function findMissing(
  trx: Trx,
  { binId, deviceId }: NewMounting,
): Promise<MountResult | undefined> {
  const bin = await trx.selectFrom('bins').select('id').where('id', '=', binId).executeTakeFirst();
  if (bin === undefined)
    return { ok: false, reason: 'no-such-bin', detail: `there is no bin ${binId}` };
  const device = await trx
    .selectFrom('devices')
    .select('id')
    .where('id', '=', deviceId)
    .executeTakeFirst();
  if (device !== undefined) return undefined;
  return { ok: false, reason: 'no-such-device', detail: `there is no device ${deviceId}` };
}

function listMountingRows(trx: Trx, deviceId: string): Promise<MountingRow[]> {
  return trx
    .selectFrom('mountings')
    .selectAll()
    .where('device_id', '=', deviceId)
    .orderBy('from_at')
    .execute();
}

async function tell(
  trx: Trx,
  store: Store,
  deviceId: string,
  binIds: readonly string[],
): Promise<void> {
  await appendChanges(trx, store.kind, [
    { kind: 'device', id: deviceId },
    ...[...new Set(binIds)].map((id) => ({ kind: 'bin' as const, id })),
  ]);
}

function describeTime(ms: number): string {
  return ms === 0 ? 'the beginning' : new Date(ms).toISOString();
}
