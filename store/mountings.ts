import type { Geometry, Measures, StrappingRow } from '../domain/geometry.ts';
import type { BinId, DeviceId } from '../domain/ids.ts';
import { isAnyOf } from './any-of.ts';
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
    .where(isAnyOf(db, 'device_id', deviceIds))
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

/** The columns of a mounting that hold its geometry. */
export type GeometryColumns = Pick<
  MountingRow,
  | 'shape'
  | 'empty_distance_mm'
  | 'full_distance_mm'
  | 'blind_zone_mm'
  | 'area_ratio'
  | 'strapping_table'
  | 'temperature_reference_c'
>;

export function toGeometryColumns(geometry: Geometry | null): GeometryColumns {
  return {
    shape: geometry?.shape ?? null,
    empty_distance_mm: geometry?.emptyDistanceMm ?? null,
    full_distance_mm: geometry?.fullDistanceMm ?? null,
    blind_zone_mm: geometry?.blindZoneMm ?? null,
    area_ratio: geometry?.shape === 'taper' ? geometry.areaRatio : null,
    strapping_table:
      geometry?.shape === 'strapping-table' ? JSON.stringify(geometry.strappingTable) : null,
    temperature_reference_c: geometry?.temperatureReferenceC ?? null,
  };
}

/** The geometry of a row, or `null` when it has none. */
export function toGeometry(row: GeometryColumns): Geometry | null {
  const { shape, empty_distance_mm, full_distance_mm, temperature_reference_c } = row;
  if (shape === null || empty_distance_mm === null || full_distance_mm === null) return null;
  const measures: Measures = {
    emptyDistanceMm: empty_distance_mm,
    fullDistanceMm: full_distance_mm,
    blindZoneMm: row.blind_zone_mm ?? 0,
    ...(temperature_reference_c === null ? {} : { temperatureReferenceC: temperature_reference_c }),
  };
  switch (shape) {
    case 'prism':
      return { ...measures, shape };
    case 'taper':
      return { ...measures, shape, areaRatio: row.area_ratio ?? 1 };
    case 'strapping-table': {
      // Safe: only toGeometryColumns writes the column, from such a list.
      const strappingTable = JSON.parse(row.strapping_table ?? '[]') as StrappingRow[];
      return { ...measures, shape, strappingTable };
    }
  }
}
