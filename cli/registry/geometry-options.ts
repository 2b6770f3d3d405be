import type { Command } from 'commander';
import {
  AREA_RATIOS,
  findGeometryMistake,
  REFERENCE_TEMPERATURES_C,
} from '../../domain/geometry.ts';
import type { BinShape, Geometry, Measures } from '../../domain/geometry.ts';
import { numberArgument } from '../arguments.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { readStrappingFile } from './strapping-file.ts';

/** Options of a mounting's geometry as commander gives them. */
export interface GeometryOptions {
  readonly emptyMm?: number;
  readonly fullMm?: number;
  readonly blindMm?: number;
  readonly areaRatio?: number;
  /** Path of a CSV file. */
  readonly strappingTable?: string;
  readonly temperatureReference?: number;
}

/** Adds the options that {@link GeometryOptions} describes. */
export function addGeometryOptions(command: Command): void {
  const mm = numberArgument(0, 20_000);
  const { least, most } = REFERENCE_TEMPERATURES_C;
  command
    .option('--empty-mm <mm>', 'sensor to the floor of the empty bin', mm)
    .option('--full-mm <mm>', 'sensor to the line that counts as full', mm)
    .option('--blind-mm <mm>', 'closer than this it cannot measure', mm)
    .option(
      '--area-ratio <ratio>',
      'for leaning walls: area of the floor divided by the area at the full line',
      numberArgument(AREA_RATIOS.least, AREA_RATIOS.most),
    )
    .option(
      '--strapping-table <file>',
      'for any other shape: CSV with the columns height_mm (above the floor) and litres',
    )
    .option(
      '--temperature-reference <celsius>',
      'for a sensor by sound that does not correct for the temperature: where its distances are right',
      numberArgument(least, most),
    );
}

/** The geometry of the options, or null when none was given. Throws a {@link Refusal} for half a geometry or a wrong one. */
export function toGeometry(options: GeometryOptions): Geometry | null {
  const { emptyMm, fullMm, blindMm, areaRatio, strappingTable, temperatureReference } = options;
  const all = [emptyMm, fullMm, blindMm, areaRatio, strappingTable, temperatureReference];
  if (all.every((value) => value === undefined)) return null;
  if (emptyMm === undefined || fullMm === undefined) {
    throw new Refusal(EXIT.usage, '--empty-mm and --full-mm are needed together');
  }
  return toSoundGeometry({
    emptyDistanceMm: emptyMm,
    fullDistanceMm: fullMm,
    blindZoneMm: blindMm ?? 0,
    ...(temperatureReference === undefined ? {} : { temperatureReferenceC: temperatureReference }),
    ...toShape(options),
  });
}

/**
 * A geometry in which what the options name is another, or `undefined` when they name nothing. Throws a {@link Refusal} for a
 * wrong one.
 */
export function changeGeometry(
  standing: Geometry | null,
  options: GeometryOptions,
): Geometry | undefined {
  if (standing === null) return toGeometry(options) ?? undefined;
  const { emptyMm, fullMm, blindMm, areaRatio, strappingTable, temperatureReference } = options;
  const measures: Partial<Measures> = {
    ...(emptyMm === undefined ? {} : { emptyDistanceMm: emptyMm }),
    ...(fullMm === undefined ? {} : { fullDistanceMm: fullMm }),
    ...(blindMm === undefined ? {} : { blindZoneMm: blindMm }),
    ...(temperatureReference === undefined ? {} : { temperatureReferenceC: temperatureReference }),
  };
  const hasShape = areaRatio !== undefined || strappingTable !== undefined;
  if (!hasShape && Object.keys(measures).length === 0) return undefined;
  return toSoundGeometry({ ...standing, ...measures, ...(hasShape ? toShape(options) : {}) });
}

/** Upright walls, unless an option says otherwise. */
function toShape({ areaRatio, strappingTable }: GeometryOptions): BinShape {
  if (areaRatio !== undefined && strappingTable !== undefined) {
    throw new Refusal(EXIT.usage, 'walls are given by --area-ratio or --strapping-table, not both');
  }
  if (areaRatio !== undefined) return { shape: 'taper', areaRatio };
  if (strappingTable === undefined) return { shape: 'prism' };
  return { shape: 'strapping-table', strappingTable: readStrappingFile(strappingTable) };
}

/** Throws a {@link Refusal} for a geometry that describes no bin. */
function toSoundGeometry(geometry: Geometry): Geometry {
  const mistake = findGeometryMistake(geometry);
  if (mistake !== undefined) throw new Refusal(EXIT.usage, mistake);
  return geometry;
}

/** A geometry in a few words. */
export function describeGeometry(geometry: Geometry | null): string {
  if (geometry === null) return 'no measures';
  const { emptyDistanceMm, fullDistanceMm, blindZoneMm, temperatureReferenceC } = geometry;
  const parts = [`empty ${emptyDistanceMm} mm`, `full ${fullDistanceMm} mm`];
  if (blindZoneMm > 0) parts.push(`blind ${blindZoneMm} mm`);
  if (geometry.shape === 'taper') parts.push(`area ratio ${geometry.areaRatio}`);
  if (geometry.shape === 'strapping-table') {
    parts.push(`table of ${geometry.strappingTable.length} rows`);
  }
  if (temperatureReferenceC !== undefined) parts.push(`right at ${temperatureReferenceC} °C`);
  return parts.join(', ');
}
