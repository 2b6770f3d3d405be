import type { Quality } from './quality.ts';

/**
 * How a distance becomes a fill: two distances from the sensor, straight walls between them.
 * Units are millimetres. `emptyDistanceMm` > `fullDistanceMm` >= `blindZoneMm` >= 0.
 */
export interface Geometry {
  readonly shape: 'prism';
  /** Sensor to the floor of the empty bin. */
  readonly emptyDistanceMm: number;
  /** Sensor to the line at which the bin counts as full. */
  readonly fullDistanceMm: number;
  /** Closer than this the sensor cannot measure; some say exactly this then. */
  readonly blindZoneMm: number;
}

/** A fill with what it may be trusted for. `reason` is absent exactly when the quality is accepted. */
export interface FillVerdict {
  readonly fillPercent: number | null;
  readonly quality: Quality;
  readonly reason?: FillReason;
}

export type FillReason =
  'full-or-obstructed' | 'beyond-empty' | 'no-geometry' | 'no-level' | 'sensor-fault' | 'bad-clock';

/** A floor that is up to 5 % further away than installed is a dent or a missing bag, not a fault. */
const EMPTY_TOLERANCE = 1.05;

/** Returns what is wrong with the distances, or `undefined` when they describe a bin. */
export function findGeometryMistake(geometry: Geometry): string | undefined {
  const { emptyDistanceMm, fullDistanceMm, blindZoneMm } = geometry;
  for (const [name, value] of Object.entries({ emptyDistanceMm, fullDistanceMm, blindZoneMm })) {
    if (!Number.isFinite(value) || value < 0 || value > 20_000) {
      return `${name} must be between 0 and 20000 mm, got ${value}`;
    }
  }
  if (emptyDistanceMm <= fullDistanceMm) {
    return `the empty distance (${emptyDistanceMm} mm) must be larger than the full distance (${fullDistanceMm} mm)`;
  }
  if (fullDistanceMm < blindZoneMm) {
    return `the full distance (${fullDistanceMm} mm) lies inside the blind zone (${blindZoneMm} mm)`;
  }
  return undefined;
}

/**
 * Fill from a distance: h = (empty - d) / (empty - full), which for straight walls is the fill itself.
 * Overfull is kept (> 100); a little beyond the floor is 0; further is no echo, an open lid or a moved sensor.
 */
export function fillFromDistance(distanceMm: number, geometry: Geometry): FillVerdict {
  const { emptyDistanceMm, fullDistanceMm, blindZoneMm } = geometry;
  // At its edge too: many sensors report whatever is closer as just that (MaxBotix HRXL-WRS data sheet).
  if (distanceMm <= blindZoneMm) {
    return { fillPercent: 100, quality: 'suspicious', reason: 'full-or-obstructed' };
  }
  if (distanceMm > emptyDistanceMm * EMPTY_TOLERANCE) {
    return { fillPercent: null, quality: 'probably-invalid', reason: 'beyond-empty' };
  }
  const height = (emptyDistanceMm - distanceMm) / (emptyDistanceMm - fullDistanceMm);
  return { fillPercent: roundPercent(Math.max(0, height * 100)), quality: 'accepted' };
}

/** Tenths of a percent: finer than any sensor, and the same number in every database. */
export function roundPercent(percent: number): number {
  return Math.round(percent * 10) / 10;
}
