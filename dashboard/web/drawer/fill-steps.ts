import { litresAt, rowsAround, volumeShare } from '../../../domain/bin-shape.ts';
import type { Geometry, StrappingRow } from '../../../domain/geometry.ts';
import { correctForTemperature } from '../../../domain/sound-distance.ts';

/** How a fill follows from a distance, number by number, so that a person can compute it again. */
export interface FillSteps {
  /** The distance by the temperature; `undefined` where it is taken as it is. */
  readonly correction?: {
    readonly distanceMm: number;
    readonly temperatureC: number;
    readonly referenceC: number;
  };
  /** What is reckoned with: the corrected distance, or the measured one. */
  readonly distanceMm: number;
  /** Above the floor, 0 or more. */
  readonly heightMm: number;
  /** 1 at the full line. */
  readonly heightShare: number;
  /** Of a strapping table: the rows around the height, and the litres below it and below the full line. */
  readonly table?: {
    readonly below: StrappingRow;
    readonly above: StrappingRow;
    readonly litres: number;
    readonly fullLitres: number;
  };
  readonly fillPercent: number;
}

/** The steps by which ingest computes a fill, outside the blind zone. */
export function explainFill(
  distanceMm: number,
  geometry: Geometry,
  temperatureC: number | null,
): FillSteps {
  const { emptyDistanceMm, fullDistanceMm, temperatureReferenceC: referenceC } = geometry;
  const trueMm = correctForTemperature(distanceMm, temperatureC, referenceC);
  // A floor a little deeper than installed counts as empty.
  const heightMm = Math.max(0, emptyDistanceMm - trueMm);
  const heightShare = heightMm / (emptyDistanceMm - fullDistanceMm);
  const table = explainTable(geometry, heightMm);
  return {
    ...(temperatureC === null || referenceC === undefined
      ? {}
      : { correction: { distanceMm: trueMm, temperatureC, referenceC } }),
    distanceMm: trueMm,
    heightMm,
    heightShare,
    ...(table === undefined ? {} : { table }),
    fillPercent: volumeShare(geometry, heightShare) * 100,
  };
}

function explainTable(geometry: Geometry, heightMm: number): FillSteps['table'] {
  if (geometry.shape !== 'strapping-table') return undefined;
  const { strappingTable, emptyDistanceMm, fullDistanceMm } = geometry;
  const [below, above] = rowsAround(strappingTable, heightMm) ?? [];
  if (below === undefined || above === undefined) return undefined;
  return {
    below,
    above,
    litres: litresAt(strappingTable, heightMm),
    fullLitres: litresAt(strappingTable, emptyDistanceMm - fullDistanceMm),
  };
}
