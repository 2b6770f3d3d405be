import { judgeFill } from '../domain/judge-fill.ts';
import { qualityCode } from '../domain/quality.ts';
import { refreshBinStates } from './bin-states.ts';
import type { Store, Trx } from './database.ts';
import { listMountings } from './mountings.ts';
import type { Mounting } from './mountings.ts';
import { queueForInflux } from './outbox.ts';
import type { ReadingRow } from './schema.ts';

const ROWS_PER_STEP = 2_000;

/** The mounting of a device at a time; `mountings` are those of that device, in any order. */
export function findMountingAt(mountings: readonly Mounting[], atMs: number): Mounting | undefined {
  return mountings.find(({ fromMs, toMs }) => fromMs <= atMs && (toMs === null || atMs < toMs));
}

/** What of a reading follows from the mounting: its bin, fill and quality. */
export function judgeReading(
  reading: Pick<
    ReadingRow,
    'distance_mm' | 'reported_fill_percent' | 'sensor_fault' | 'clock_reason'
  >,
  mounting: Mounting | undefined,
): Pick<ReadingRow, 'bin_id' | 'mounting_id' | 'fill_percent' | 'quality' | 'quality_reason'> {
  const verdict = judgeFill(
    {
      distanceMm: reading.distance_mm,
      reportedFillPercent: reading.reported_fill_percent,
      sensorFault: reading.sensor_fault,
      badClock: reading.clock_reason !== null,
    },
    mounting?.geometry ?? null,
  );
  return {
    bin_id: mounting?.binId ?? null,
    mounting_id: mounting?.id ?? null,
    fill_percent: verdict.fillPercent,
    quality: qualityCode(verdict.quality),
    quality_reason: verdict.reason ?? null,
  };
}

/**
 * Computes a device's readings of a span anew, from raw values and the mountings as they are now, and the states of the bins
 * they were or are in. Returns how many there were and which bins.
 * @param toMs the end of the span, which does not belong to it; `null`: there is none
 */
export async function recomputeReadings(
  trx: Trx,
  store: Store,
  deviceId: string,
  fromMs: number,
  toMs: number | null = null,
): Promise<{ readonly readings: number; readonly binIds: readonly string[] }> {
  const mountings = await listMountings(trx, [deviceId]);
  const binIds = new Set<string>();
  let readings = 0;
  let afterId = 0;
  for (;;) {
    const rows = await trx
      .selectFrom('readings')
      .selectAll()
      .where('device_id', '=', deviceId)
      .where('observed_at', '>=', fromMs)
      .$if(toMs !== null, (query) => query.where('observed_at', '<', toMs))
      .where('id', '>', afterId)
      .orderBy('id')
      .limit(ROWS_PER_STEP)
      .execute();
    for (const row of rows) {
      const judged = judgeReading(row, findMountingAt(mountings, row.observed_at));
      await trx.updateTable('readings').set(judged).where('id', '=', row.id).execute();
      for (const binId of [row.bin_id, judged.bin_id]) if (binId !== null) binIds.add(binId);
    }
    await queueForInflux(
      trx,
      store,
      rows.map(({ id }) => id),
    );
    readings += rows.length;
    afterId = rows.at(-1)?.id ?? afterId;
    if (rows.length < ROWS_PER_STEP) break;
  }
  await refreshBinStates(trx, [...binIds]);
  return { readings, binIds: [...binIds] };
}
