import type { Geometry } from '../../domain/geometry.ts';
import type { Store } from '../database.ts';
import { toGeometry } from '../mountings.ts';
import { listRecomputes, sumProgress } from '../recompute.ts';
import type { RecomputeProgress } from '../recompute.ts';
import type { MountingRow } from '../schema.ts';
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
  readonly geometry: Geometry | null;
  readonly reportIntervalSeconds: number | null;
  readonly lastSeenAtMs: number | null;
  /** When its credential was seen in two places at once. */
  readonly cloneSuspectedAtMs: number | null;
  /** What of its span is still to be computed anew after a correction; `null`: nothing. */
  readonly recompute: Pick<RecomputeProgress, 'doneReadings' | 'totalReadings'> | null;
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
    .leftJoin('principals', 'principals.id', 'mountings.device_id')
    .selectAll('mountings')
    .select([
      'devices.model',
      'devices.report_interval_seconds',
      'device_states.last_seen_at',
      'principals.clone_suspected_at',
    ])
    .where('mountings.bin_id', '=', binId)
    .orderBy('mountings.from_at', 'desc')
    .orderBy('mountings.id', 'desc')
    .execute();
  const deviceIds = [...new Set(rows.map((row) => row.device_id))];
  const recomputes = await listRecomputes(store.db, deviceIds);
  const mountings = rows.map((row) => ({
    deviceId: row.device_id,
    model: row.model,
    fromMs: row.from_at,
    toMs: row.to_at,
    geometry: toGeometry(row),
    reportIntervalSeconds: row.report_interval_seconds,
    lastSeenAtMs: row.last_seen_at,
    cloneSuspectedAtMs: row.clone_suspected_at,
    recompute: sumRecomputes(recomputes, row),
  }));
  return { bin, mountings };
}

/** A mounting that was corrected twice in short order has two spans to go through. */
function sumRecomputes(
  recomputes: readonly RecomputeProgress[],
  mounting: MountingRow,
): MountingView['recompute'] {
  const of = recomputes.filter(
    ({ deviceId, fromMs, toMs }) =>
      deviceId === mounting.device_id &&
      fromMs < (mounting.to_at ?? Infinity) &&
      mounting.from_at < (toMs ?? Infinity),
  );
  return sumProgress(of);
}
