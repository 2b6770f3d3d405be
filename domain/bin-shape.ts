import type { Geometry, StrappingRow } from './geometry.ts';

/**
 * Share of the usable volume below a height; `height` is 0 at the floor and 1 at the full line, and so is the share. Above the
 * full line it goes on, ever upwards: a prism and a taper go straight up from the area at the line, as a heap does between the
 * walls of a raised lid; a table as its rows say, and beyond the last one like between the last two. Below the floor it is negative or 0.
 */
export function volumeShare(geometry: Geometry, height: number): number {
  switch (geometry.shape) {
    case 'prism':
      return height;
    case 'taper':
      return taperShare(geometry.areaRatio, height);
    case 'strapping-table': {
      const { strappingTable, emptyDistanceMm, fullDistanceMm } = geometry;
      const fullMm = emptyDistanceMm - fullDistanceMm;
      return litresAt(strappingTable, height * fullMm) / litresAt(strappingTable, fullMm);
    }
  }
}

/**
 * Lengths in a taper go linearly from a at the floor to 1 at the full line, so areas are (a + (1 - a) h)², and the volume is
 * their integral: a²h + a(1 - a)h² + (1 - a)²h³/3.
 */
function taperShare(areaRatio: number, height: number): number {
  if (height <= 0) return 0;
  const a = Math.sqrt(areaRatio);
  const b = 1 - a;
  const volume = (h: number): number => a * a * h + a * b * h * h + (b * b * h * h * h) / 3;
  return (volume(Math.min(height, 1)) + Math.max(0, height - 1)) / volume(1);
}

/** Rows of the table around a height: it lies between them, or beyond the second when that is the last. */
export function rowsAround(
  table: readonly StrappingRow[],
  heightMm: number,
): readonly [StrappingRow, StrappingRow] | undefined {
  const last = table.length - 1;
  const found = table.findIndex((row, index) => index > 0 && row.heightMm >= heightMm);
  const upper = found === -1 ? last : found;
  const [below, above] = [table[upper - 1], table[upper]];
  return below === undefined || above === undefined ? undefined : [below, above];
}

/** Litres below a height above the floor, mm. Throws on a table of fewer than two rows. */
export function litresAt(table: readonly StrappingRow[], heightMm: number): number {
  const rows = rowsAround(table, heightMm);
  if (rows === undefined) throw new RangeError('A strapping table needs two rows or more');
  const [below, above] = rows;
  const share = (heightMm - below.heightMm) / (above.heightMm - below.heightMm);
  return below.litres + share * (above.litres - below.litres);
}
