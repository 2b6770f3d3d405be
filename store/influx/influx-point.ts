import { createHash } from 'node:crypto';
import type { ReadingRow } from '../schema.ts';

/** A reading as InfluxDB keeps it. */
export interface InfluxPoint {
  readonly measurement: string;
  /** All values are ids or words of ours: nothing a sensor can choose. */
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, number>>;
  /** Nanoseconds since 1970, decimal: more digits than a number holds. */
  readonly timestampNs: string;
}

/** What of a reading and its uplink makes a point. */
export type InfluxReading = Pick<
  ReadingRow,
  | 'part'
  | 'device_id'
  | 'observed_at'
  | 'fill_percent'
  | 'quality'
  | 'distance_mm'
  | 'temperature_c'
  | 'battery_percent'
  | 'battery_v'
> & { readonly bin_id: string; readonly identity: string };

const NANOSECONDS_PER_MS = 1_000_000;

/** The quality of a point whose reading has left this bin. Real ones are 0 or more, and points cannot be deleted everywhere. */
export const GONE_QUALITY = -1;

/** Marks the point that a reading had under a bin which it has left: its other values stay, and count no longer. */
export function toGonePoint(reading: InfluxReading): InfluxPoint {
  return { ...toInfluxPoint(reading), fields: { quality: GONE_QUALITY } };
}

/**
 * The point of a reading: the same reading always gives the same point, so that sending it again overwrites itself. The
 * nanoseconds below its millisecond come from its identity, which keeps two readings of one instant apart.
 */
export function toInfluxPoint(reading: InfluxReading): InfluxPoint {
  const fields = {
    fill_percent: reading.fill_percent,
    distance_mm: reading.distance_mm,
    temperature_c: reading.temperature_c,
    battery_percent: reading.battery_percent,
    battery_v: reading.battery_v,
    quality: reading.quality,
  };
  const digest = createHash('sha256').update(`${reading.identity}/${reading.part}`).digest();
  const nanoseconds = digest.readUInt32BE(0) % NANOSECONDS_PER_MS;
  return {
    measurement: 'reading',
    tags: { bin: reading.bin_id, device: reading.device_id },
    fields: Object.fromEntries(
      Object.entries(fields).filter((field): field is [string, number] => field[1] !== null),
    ),
    timestampNs: `${reading.observed_at}${String(nanoseconds).padStart(6, '0')}`,
  };
}
