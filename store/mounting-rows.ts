import { findGeometryMistake } from '../domain/geometry.ts';
import type { Geometry } from '../domain/geometry.ts';
import { appendChanges } from './changes.ts';
import type { Store, Trx } from './database.ts';
import type { RecomputeOptions } from './recompute.ts';
import type { MountingRow } from './schema.ts';

export type MountRefusal = {
  readonly ok: false;
  readonly reason:
    'no-such-bin' | 'no-such-device' | 'no-such-mounting' | 'bad-geometry' | 'bad-span' | 'overlap';
  readonly detail: string;
};

export type MountResult =
  /** How many readings the changed spans hold; all of them follow from the mountings as they are now. */
  { readonly ok: true; readonly recomputedReadings: number } | MountRefusal;

/** How the readings of a changed span are computed anew. */
export type MountOptions = RecomputeOptions;

/** Mountings of a device, oldest first. */
export function listMountingRows(trx: Trx, deviceId: string): Promise<MountingRow[]> {
  return trx
    .selectFrom('mountings')
    .selectAll()
    .where('device_id', '=', deviceId)
    .orderBy('from_at')
    .orderBy('id')
    .execute();
}

export function refuseGeometry(geometry: Geometry | null): MountRefusal | undefined {
  const detail = geometry === null ? undefined : findGeometryMistake(geometry);
  return detail === undefined ? undefined : { ok: false, reason: 'bad-geometry', detail };
}

export async function refuseUnknownBin(trx: Trx, binId: string): Promise<MountRefusal | undefined> {
  const bin = await trx.selectFrom('bins').select('id').where('id', '=', binId).executeTakeFirst();
  if (bin !== undefined) return undefined;
  return { ok: false, reason: 'no-such-bin', detail: `there is no bin ${binId}` };
}

/** A span that ends before it begins, or in which one of `others` holds already. */
export function refuseSpan(
  span: Pick<MountingRow, 'from_at' | 'to_at'>,
  others: readonly MountingRow[],
): MountRefusal | undefined {
  const { from_at, to_at } = span;
  if (to_at !== null && to_at <= from_at) {
    const detail = `a mounting must end after it begins, at ${describeTime(from_at)}`;
    return { ok: false, reason: 'bad-span', detail };
  }
  const other = others.find(
    (row) =>
      // One that ended as it began holds nothing.
      row.from_at !== row.to_at &&
      from_at < (row.to_at ?? Infinity) &&
      row.from_at < (to_at ?? Infinity),
  );
  return other === undefined ? undefined : refuseOverlap(other);
}

export function refuseOverlap(other: MountingRow): MountRefusal {
  const { device_id, bin_id, from_at, to_at } = other;
  const until = to_at === null ? '' : ` to ${describeTime(to_at)}`;
  const detail = `device ${device_id} is in bin ${bin_id} from ${describeTime(from_at)}${until}, and a device is in one bin at a time; "tunna device correct ${device_id} ${other.id}" changes that`;
  return { ok: false, reason: 'overlap', detail };
}

/** Tells of a device whose mountings changed, and of the bins it was or is in. */
export async function tellOfMounting(
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

/** A beginning or an end in words. */
export function describeTime(ms: number): string {
  return ms === 0 ? 'the beginning' : new Date(ms).toISOString();
}
