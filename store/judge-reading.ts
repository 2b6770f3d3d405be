import { judgeFill } from '../domain/judge-fill.ts';
import { qualityCode } from '../domain/quality.ts';
import type { Mounting } from './mountings.ts';
import type { ReadingRow } from './schema.ts';

/** What of a reading its level follows from, beside the mounting. */
export type RawReading = Pick<
  ReadingRow,
  'distance_mm' | 'reported_fill_percent' | 'temperature_c' | 'sensor_fault' | 'clock_reason'
>;

/** What of a reading follows from the mounting: its bin, fill and quality. */
export type JudgedReading = Pick<
  ReadingRow,
  'bin_id' | 'mounting_id' | 'fill_percent' | 'quality' | 'quality_reason'
>;

/** The mounting of a device at a time; `mountings` are those of that device, in any order. */
export function findMountingAt(mountings: readonly Mounting[], atMs: number): Mounting | undefined {
  return mountings.find(({ fromMs, toMs }) => fromMs <= atMs && (toMs === null || atMs < toMs));
}

/** Judges raw values by the mounting that held when they were measured. */
export function judgeReading(reading: RawReading, mounting: Mounting | undefined): JudgedReading {
  const verdict = judgeFill(
    {
      distanceMm: reading.distance_mm,
      reportedFillPercent: reading.reported_fill_percent,
      temperatureC: reading.temperature_c,
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
