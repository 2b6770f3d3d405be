import { volumeShare } from './bin-shape.ts';
import type { Geometry } from './geometry.ts';
import type { Quality } from './quality.ts';
import { correctForTemperature } from './sound-distance.ts';

/** A fill with what it may be trusted for. `reason` is absent exactly when the quality is accepted. */
export interface FillVerdict {
  readonly fillPercent: number | null;
  readonly quality: Quality;
  readonly reason?: FillReason;
}

export type FillReason =
  | 'full-or-obstructed'
  | 'beyond-empty'
  | 'no-geometry'
  | 'no-level'
  | 'no-temperature'
  | 'sensor-fault'
  | 'bad-clock';

/** A floor that is up to 5 % further away than installed is a dent or a missing bag, not a fault. */
const EMPTY_TOLERANCE = 1.05;

/**
 * Fill from a distance: the height h = (empty - d) / (empty - full), and the share of the volume that lies below it.
 * Overfull is kept (> 100, see {@link volumeShare}); a little beyond the floor is 0; further is no echo, an open lid or a moved
 * sensor.
 * @param temperatureC of the reading; only matters to a geometry with a reference temperature
 */
export function fillFromDistance(
  distanceMm: number,
  geometry: Geometry,
  temperatureC: number | null = null,
): FillVerdict {
  const { emptyDistanceMm, fullDistanceMm, blindZoneMm, temperatureReferenceC } = geometry;
  // The distance as the sensor says it: at its edge too, many report whatever is closer as just that (MaxBotix HRXL-WRS
  // data sheet).
  if (distanceMm <= blindZoneMm) {
    return { fillPercent: 100, quality: 'suspicious', reason: 'full-or-obstructed' };
  }
  const trueMm = correctForTemperature(distanceMm, temperatureC, temperatureReferenceC);
  if (trueMm > emptyDistanceMm * EMPTY_TOLERANCE) {
    return { fillPercent: null, quality: 'probably-invalid', reason: 'beyond-empty' };
  }
  const height = (emptyDistanceMm - trueMm) / (emptyDistanceMm - fullDistanceMm);
  const fillPercent = roundPercent(Math.max(0, volumeShare(geometry, height) * 100));
  if (temperatureReferenceC !== undefined && temperatureC === null) {
    return { fillPercent, quality: 'suspicious', reason: 'no-temperature' };
  }
  return { fillPercent, quality: 'accepted' };
}

/** Tenths of a percent: finer than any sensor, and the same number in every database. */
export function roundPercent(percent: number): number {
  return Math.round(percent * 10) / 10;
}
