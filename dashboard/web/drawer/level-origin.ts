import type { Trace } from '../../api/bins.ts';

/**
 * What a fill was made from. `distance`: a distance and the bin's measures; `reported`: the sensor's own fill;
 * `no-measures`, `no-level`: there is no fill, because the measures or a usable value were missing.
 */
export type LevelOrigin = 'distance' | 'reported' | 'no-measures' | 'no-level';

type Parts = Pick<Trace, 'reading' | 'geometry'>;

/** Both distances that a fill is computed with, or `undefined` when one is not known. */
export function measuresOf(geometry: Trace['geometry']) {
  const { emptyDistanceMm = null, fullDistanceMm = null, blindZoneMm = null } = geometry ?? {};
  if (emptyDistanceMm === null || fullDistanceMm === null) return undefined;
  return { emptyDistanceMm, fullDistanceMm, blindZoneMm };
}

/** Origin of a reading's fill. As in ingest, a distance with measures goes before the fill the sensor computed itself. */
export function originOf({ reading, geometry }: Parts): LevelOrigin {
  const hasMeasures = measuresOf(geometry) !== undefined;
  if (reading.fillPercent === null) return hasMeasures ? 'no-level' : 'no-measures';
  return reading.distanceMm !== null && hasMeasures ? 'distance' : 'reported';
}

/** Whether the fill is what the formula gives; closer than the blind zone it is set to full instead. */
export function followsFormula(parts: Parts): boolean {
  return originOf(parts) === 'distance' && parts.reading.qualityReason !== 'full-or-obstructed';
}
