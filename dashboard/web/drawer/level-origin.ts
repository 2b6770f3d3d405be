import type { Geometry } from '../../../domain/geometry.ts';
import type { Trace } from '../../api/bins.ts';

/**
 * What a fill was made from. `distance`: a distance and the bin's measures; `reported`: the sensor's own fill;
 * `no-measures`, `no-level`: there is no fill, because the measures or a usable value were missing.
 */
export type LevelOrigin = 'distance' | 'reported' | 'no-measures' | 'no-level';

type Parts = Pick<Trace, 'reading' | 'geometry'>;

/** The geometry that a fill is computed with, or `undefined` when not all of it is known. */
export function geometryOf(trace: Trace['geometry']): Geometry | undefined {
  if (trace === null || trace.emptyDistanceMm === null || trace.fullDistanceMm === null) {
    return undefined;
  }
  const { shape, areaRatio, strappingTable, temperatureReferenceC } = trace;
  const measures = {
    emptyDistanceMm: trace.emptyDistanceMm,
    fullDistanceMm: trace.fullDistanceMm,
    blindZoneMm: trace.blindZoneMm ?? 0,
    ...(temperatureReferenceC === null ? {} : { temperatureReferenceC }),
  };
  if (shape === 'prism') return { ...measures, shape };
  if (shape === 'taper' && areaRatio !== null) return { ...measures, shape, areaRatio };
  if (shape === 'strapping-table' && strappingTable !== null) {
    return { ...measures, shape, strappingTable };
  }
  return undefined;
}

/** Origin of a reading's fill. As in ingest, a distance with measures goes before the fill the sensor computed itself. */
export function originOf({ reading, geometry }: Parts): LevelOrigin {
  const hasMeasures = geometryOf(geometry) !== undefined;
  if (reading.fillPercent === null) return hasMeasures ? 'no-level' : 'no-measures';
  return reading.distanceMm !== null && hasMeasures ? 'distance' : 'reported';
}

/**
 * Whether the fill is what the formula gives. Closer than the blind zone it is set to full instead, and a reading that a
 * correction has not come to yet follows from earlier measures.
 */
export function followsFormula(parts: Parts): boolean {
  const { qualityReason, recomputePending } = parts.reading;
  if (recomputePending) return false;
  return originOf(parts) === 'distance' && qualityReason !== 'full-or-obstructed';
}
