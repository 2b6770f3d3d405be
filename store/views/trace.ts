import type { Geometry } from '../../domain/geometry.ts';
import type { Alarm, MeasurementExtras } from '../../domain/measurement.ts';
import { qualityFromCode } from '../../domain/quality.ts';
import type { Quality } from '../../domain/quality.ts';
import type { Store } from '../database.ts';
import { toMounting } from '../mountings.ts';
import type { ReadingRow, UplinkRow } from '../schema.ts';
import { listReadingIds, toMessageView } from './messages.ts';
import type { MessageView } from './messages.ts';

/** A reading, how it was made, and the message it was made from. */
export interface TraceView {
  readonly reading: {
    readonly id: number;
    readonly binId: string | null;
    readonly deviceId: string;
    readonly observedAtMs: number;
    readonly receivedAtMs: number;
    readonly late: boolean;
    readonly fillPercent: number | null;
    readonly quality: Quality;
    readonly qualityReason: string | null;
    readonly distanceMm: number | null;
    readonly reportedFillPercent: number | null;
    readonly temperatureC: number | null;
    readonly batteryPercent: number | null;
    readonly batteryV: number | null;
    readonly tilted: boolean | null;
    readonly alarms: readonly Alarm[];
    readonly extras: MeasurementExtras;
    /** What the sensor said instead of a level. */
    readonly sensorFault: string | null;
    /** A correction of the mounting has not come to this reading yet: its fill follows from what held before. */
    readonly recomputePending: boolean;
  };
  /** The geometry the fill was computed with; `null` when the mounting had none. */
  readonly geometry: Geometry | null;
  readonly decoding: {
    readonly envelope: string;
    readonly model: string | null;
    readonly fPort: number | null;
    readonly sensorBytes: Buffer | null;
    readonly identity: string;
  };
  readonly message: MessageView;
}

/** @returns `undefined` when there is no such reading, or not any more */
export async function findTrace(store: Store, readingId: number): Promise<TraceView | undefined> {
  const { db } = store;
  const reading = await db
    .selectFrom('readings')
    .selectAll()
    .where('id', '=', readingId)
    .executeTakeFirst();
  if (reading === undefined) return undefined;
  const uplink = await db
    .selectFrom('uplinks')
    .selectAll()
    .where('id', '=', reading.uplink_id)
    .executeTakeFirst();
  if (uplink === undefined) return undefined;
  const mounting =
    reading.mounting_id === null
      ? undefined
      : await db
          .selectFrom('mountings')
          .selectAll()
          .where('id', '=', reading.mounting_id)
          .executeTakeFirst();
  const readingIds = await listReadingIds(store, [uplink.id]);
  return {
    reading: toReading(reading, await isPending(store, reading)),
    geometry: mounting === undefined ? null : toMounting(mounting).geometry,
    decoding: toDecoding(uplink),
    message: toMessageView(uplink, readingIds.get(uplink.id) ?? []),
  };
}

/** Steps go from the newest reading to the oldest: those before the cursor are still to come. */
async function isPending({ db }: Store, reading: ReadingRow): Promise<boolean> {
  const { device_id, observed_at, id } = reading;
  const pending = await db
    .selectFrom('recomputes')
    .select('id')
    .where('device_id', '=', device_id)
    .where('from_at', '<=', observed_at)
    .where((eb) =>
      eb.or([
        eb('next_at', '>', observed_at),
        eb.and([eb('next_at', '=', observed_at), eb('next_id', '>', id)]),
      ]),
    )
    .executeTakeFirst();
  return pending !== undefined;
}

function toReading(row: ReadingRow, recomputePending: boolean): TraceView['reading'] {
  return {
    id: row.id,
    binId: row.bin_id,
    deviceId: row.device_id,
    observedAtMs: row.observed_at,
    receivedAtMs: row.received_at,
    late: row.late === 1,
    fillPercent: row.fill_percent,
    quality: qualityFromCode(row.quality),
    qualityReason: row.quality_reason,
    distanceMm: row.distance_mm,
    reportedFillPercent: row.reported_fill_percent,
    temperatureC: row.temperature_c,
    batteryPercent: row.battery_percent,
    batteryV: row.battery_v,
    tilted: row.tilted === null ? null : row.tilted === 1,
    // Safe: ingest writes the column, from a list of alarms.
    alarms: JSON.parse(row.alarms) as Alarm[],
    // Safe likewise.
    extras: row.extras === null ? {} : (JSON.parse(row.extras) as MeasurementExtras),
    sensorFault: row.sensor_fault,
    recomputePending,
  };
}

function toDecoding(row: UplinkRow): TraceView['decoding'] {
  return {
    envelope: row.envelope,
    model: row.model,
    fPort: row.f_port,
    sensorBytes: row.sensor_bytes,
    identity: row.identity,
  };
}
