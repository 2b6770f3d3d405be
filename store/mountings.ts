import type { Geometry } from '../domain/geometry.ts';
import type { BinId, DeviceId } from '../domain/ids.ts';
import type { Db, Trx } from './database.ts';
import type { MountingRow } from './schema.ts';

/** A device in a bin from one time (inclusive) to another (exclusive), with the geometry that holds there. */
export interface Mounting {
  readonly id: number;
  readonly deviceId: DeviceId;
  readonly binId: BinId;
  /** 0: as far back as readings go. */
  readonly fromMs: number;
  /** `null`: until further notice. */
  readonly toMs: number | null;
  readonly geometry: Geometry | null;
}

/** All mountings of these devices, oldest first. */
export async function listMountings(
  db: Db | Trx,
  deviceIds: readonly string[],
): Promise<Mounting[]> {
  if (deviceIds.length === 0) return [];
  const rows = await db
    .selectFrom('mountings')
    .selectAll()
    .where('device_id', 'in', deviceIds)
    .orderBy('from_at')
    .execute();
  return rows.map(toMounting);
}

export function toMounting(row: MountingRow): Mounting {
  return {
    id: row.id,
    // Safe: only toRow writes the table, from branded ids.
    deviceId: row.device_id as DeviceId,
    binId: row.bin_id as BinId,
    fromMs: row.from_at,
    toMs: row.to_at,
    geometry: toGeometry(row),
  };
}

function toGeometry(row: MountingRow): Geometry | null {
  const { shape, empty_distance_mm, full_distance_mm, blind_zone_mm } = row;
  if (shape === null || empty_distance_mm === null || full_distance_mm === null) return null;
  return {
    shape,
    emptyDistanceMm: empty_distance_mm,
    fullDistanceMm: full_distance_mm,
    blindZoneMm: blind_zone_mm ?? 0,
  };
}
