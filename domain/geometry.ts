/** Two distances from the sensor, mm. `emptyDistanceMm` > `fullDistanceMm` >= `blindZoneMm` >= 0. */
export interface Measures {
  /** Sensor to the floor of the empty bin. */
  readonly emptyDistanceMm: number;
  /** Sensor to the line at which the bin counts as full. */
  readonly fullDistanceMm: number;
  /** Closer than this the sensor cannot measure; some say exactly this then. */
  readonly blindZoneMm: number;
  /**
   * For a sensor that measures by sound and does not mind the temperature: the one for which its distances are right, °C.
   * Absent: they are taken as they are.
   */
  readonly temperatureReferenceC?: number;
}

/** A height above the floor and the litres below it. */
export interface StrappingRow {
  readonly heightMm: number;
  readonly litres: number;
}

/**
 * The walls between floor and full line. `prism`: upright; `taper`: straight and leaning, `areaRatio` is the area of the floor
 * divided by the area at the full line; `strapping-table`: measured rows with straight lines between them.
 */
export type BinShape =
  | { readonly shape: 'prism' }
  | { readonly shape: 'taper'; readonly areaRatio: number }
  | { readonly shape: 'strapping-table'; readonly strappingTable: readonly StrappingRow[] };

/** How a distance becomes a fill. */
export type Geometry = Measures & BinShape;

export const SHAPES = [
  'prism',
  'taper',
  'strapping-table',
] as const satisfies readonly Geometry['shape'][];

/** The furthest that any sensor of this kind sees. */
const MOST_MM = 20_000;
const MOST_ROWS = 500;
const MOST_LITRES = 1_000_000;

/** Outside these a bin is a cone or a slip of the pen. */
export const AREA_RATIOS = { least: 0.01, most: 100 } as const;
/** Temperatures that a maker may have set a sensor to, °C. */
export const REFERENCE_TEMPERATURES_C = { least: -40, most: 60 } as const;

/** Returns what is wrong with a geometry, or `undefined` when it describes a bin. */
export function findGeometryMistake(geometry: Geometry): string | undefined {
  return (
    findMeasureMistake(geometry) ?? findReferenceMistake(geometry) ?? findShapeMistake(geometry)
  );
}

function findMeasureMistake(geometry: Geometry): string | undefined {
  const { emptyDistanceMm, fullDistanceMm, blindZoneMm } = geometry;
  for (const [name, value] of Object.entries({ emptyDistanceMm, fullDistanceMm, blindZoneMm })) {
    if (!isWithin(value, 0, MOST_MM)) {
      return `${name} must be between 0 and ${MOST_MM} mm, got ${value}`;
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

function findReferenceMistake({ temperatureReferenceC: value }: Geometry): string | undefined {
  const { least, most } = REFERENCE_TEMPERATURES_C;
  if (value === undefined || isWithin(value, least, most)) return undefined;
  return `temperatureReferenceC must be between ${least} and ${most} °C, got ${value}`;
}

function findShapeMistake(geometry: Geometry): string | undefined {
  switch (geometry.shape) {
    case 'prism':
      return undefined;
    case 'taper': {
      const { least, most } = AREA_RATIOS;
      if (isWithin(geometry.areaRatio, least, most)) return undefined;
      return `areaRatio must be between ${least} and ${most}, got ${geometry.areaRatio}`;
    }
    case 'strapping-table':
      return findTableMistake(geometry.strappingTable, geometry);
  }
}

function findTableMistake(
  table: readonly StrappingRow[],
  { emptyDistanceMm, fullDistanceMm }: Geometry,
): string | undefined {
  if (table.length < 2 || table.length > MOST_ROWS) {
    return `a strapping table has 2 to ${MOST_ROWS} rows, got ${table.length}`;
  }
  const mistaken = table.findIndex((row, index) => !followsOn(row, table[index - 1]));
  if (mistaken !== -1) {
    return `row ${mistaken + 1} of the strapping table: ${describeRowRule(mistaken)}`;
  }
  const [fullMm, tableMm] = [emptyDistanceMm - fullDistanceMm, table.at(-1)?.heightMm ?? 0];
  if (tableMm >= fullMm) return undefined;
  return `the strapping table ends at ${tableMm} mm, but the full line is ${fullMm} mm above the floor`;
}

/** The first row is the floor; each next one is higher and holds more. */
function followsOn({ heightMm, litres }: StrappingRow, before: StrappingRow | undefined): boolean {
  if (before === undefined) return heightMm === 0 && litres === 0;
  return (
    isWithin(heightMm, 0, MOST_MM) &&
    isWithin(litres, 0, MOST_LITRES) &&
    heightMm > before.heightMm &&
    litres > before.litres
  );
}

function describeRowRule(index: number): string {
  if (index === 0) return 'the first row is the floor, 0 mm and 0 litres';
  return `height and litres must be larger than in the row before, up to ${MOST_MM} mm and ${MOST_LITRES} litres`;
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isFinite(value) && value >= least && value <= most;
}
