import type { Store } from '../database.ts';
import { listBinViewsById } from './bin-summaries.ts';
import type { BinView } from './bin-summaries.ts';

/** A device in a bin, from one time to another, with the geometry that holds there. */
export interface MountingView {
  readonly deviceId: string;
  readonly model: string | null;
  /** 0: as far back as readings go. */
  readonly fromMs: number;
  /** `null`: until further notice. */
  readonly toMs: number | null;
  readonly shape: 'prism' | null;
  readonly emptyDistanceMm: number | null;
  readonly fullDistanceMm: number | null;
  readonly blindZoneMm: number | null;
  readonly reportIntervalSeconds: number | null;
  readonly lastSeenAtMs: number | null;
}

/** A bin as it stands at a time, and its mountings, newest first. */
export interface BinDetailView {
  readonly bin: BinView;
  readonly mountings: readonly MountingView[];
}

export async function findBinDetail(
  store: Store,
  binId: string,
  nowMs: number,
): Promise<BinDetailView | undefined> {
  const [bin] = await listBinViewsById(store, [binId], nowMs);
  if (bin === undefined) return undefined;
  const rows = await store.db
    .selectFrom('mountings')
    .innerJoin('devices', 'devices.id', 'mountings.device_id')
    .leftJoin('device_states', 'device_states.device_id', 'mountings.device_id')
    .selectAll('mountings')
    .select(['devices.model', 'devices.report_interval_seconds', 'device_states.last_seen_at'])
    .where('mountings.bin_id', '=', binId)
    .orderBy('mountings.from_at', 'desc')
    .orderBy('mountings.id', 'desc')
    .execute();
  const mountings = rows.map((row) => ({
    deviceId: row.device_id,
    model: row.model,
    fromMs: row.from_at,
    toMs: row.to_at,
    shape: row.shape,
    emptyDistanceMm: row.empty_distance_mm,
    fullDistanceMm: row.full_distance_mm,
    blindZoneMm: row.blind_zone_mm,
    reportIntervalSeconds: row.report_interval_seconds,
    lastSeenAtMs: row.last_seen_at,
  }));
  return { bin, mountings };
}
