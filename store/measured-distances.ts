import { qualityCode } from '../domain/quality.ts';
import type { Store } from './database.ts';
import type { Mounting } from './mountings.ts';

/** A distance as a sensor measured it. */
export interface MeasuredDistance {
  readonly readingId: number;
  readonly deviceId: string;
  readonly observedAtMs: number;
  readonly distanceMm: number;
  readonly temperatureC: number | null;
  /** `null`: accepted, or never judged for want of a geometry. */
  readonly doubt: string | null;
}

/** The newest distances of a mounting that nothing speaks against, newest first. */
export async function listBelievedDistances(
  store: Store,
  { deviceId, fromMs, toMs }: Mounting,
  limit: number,
): Promise<MeasuredDistance[]> {
  const rows = await selectDistances(store)
    .where('device_id', '=', deviceId)
    .where('observed_at', '>=', fromMs)
    .$if(toMs !== null, (query) => query.where('observed_at', '<', toMs))
    .where('sensor_fault', 'is', null)
    .where('clock_reason', 'is', null)
    .where((eb) =>
      eb.or([
        eb('quality', '=', qualityCode('accepted')),
        eb('quality_reason', '=', 'no-geometry'),
      ]),
    )
    .orderBy('observed_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.flatMap(toMeasured);
}

/** The distance of one reading, whatever speaks against it; `undefined` when there is no such reading or it has none. */
export async function findDistance(
  store: Store,
  readingId: number,
): Promise<MeasuredDistance | undefined> {
  const rows = await selectDistances(store).where('id', '=', readingId).execute();
  return rows.flatMap(toMeasured).at(0);
}

/** How many distances a mounting has that are newer than a time. */
export async function countNewerDistances(
  store: Store,
  { deviceId, toMs }: Mounting,
  afterMs: number,
): Promise<number> {
  const rows = await selectDistances(store)
    .where('device_id', '=', deviceId)
    .where('observed_at', '>', afterMs)
    .$if(toMs !== null, (query) => query.where('observed_at', '<', toMs))
    .execute();
  return rows.length;
}

function selectDistances({ db }: Store) {
  return db
    .selectFrom('readings')
    .select(['id', 'device_id', 'observed_at', 'distance_mm', 'temperature_c', 'quality_reason'])
    .where('distance_mm', 'is not', null);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectDistances>['execute']>>[number];

function toMeasured(row: Row): MeasuredDistance[] {
  if (row.distance_mm === null) return [];
  return [
    {
      readingId: row.id,
      deviceId: row.device_id,
      observedAtMs: row.observed_at,
      distanceMm: row.distance_mm,
      temperatureC: row.temperature_c,
      doubt: row.quality_reason === 'no-geometry' ? null : row.quality_reason,
    },
  ];
}
