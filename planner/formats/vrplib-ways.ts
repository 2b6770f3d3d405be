import { NO_WAY } from '../problem/matrix.ts';
import type { Matrix } from '../problem/matrix.ts';
import { FormatError } from './format-error.ts';
import { readNumbers } from './lines.ts';
import { planeMatrix, straight } from './plane.ts';
import type { Measure } from './plane.ts';
import type { VrplibFile } from './vrplib-sections.ts';

/** How TSPLIB 95 measures ways between coordinates (section 2 of its documentation). */
const MEASURES: Readonly<Record<string, Measure>> = {
  EUC_2D: (dx, dy) => Math.floor(straight(dx, dy) + 0.5),
  CEIL_2D: (dx, dy) => Math.ceil(straight(dx, dy)),
  MAN_2D: (dx, dy) => Math.floor(dx + dy + 0.5),
  MAX_2D: (dx, dy) => Math.max(Math.floor(dx + 0.5), Math.floor(dy + 0.5)),
  // Rounded up, if rounding to the nearest would make it shorter.
  ATT: (dx, dy) => Math.ceil(straight(dx, dy) / Math.sqrt(10)),
};

/**
 * Ways between all nodes.
 * @param scale units to one of the file; with more than one, further decimals of a way are cut off.
 */
export function readWays(file: VrplibFile, dimension: number, scale: number): Matrix {
  const name = 'EDGE_WEIGHT_TYPE';
  const type = file.text(name);
  if (type === undefined) throw new FormatError(`There is no ${name}`);
  if (type === 'EXPLICIT') return readExplicit(file, dimension);
  const measure = MEASURES[type];
  if (measure === undefined || (scale !== 1 && type !== 'EUC_2D')) {
    const where = scale === 1 ? '' : ' with time windows';
    throw new FormatError(`${name} ${type} is not known${where}`, file.lineOf(name));
  }
  const rows = file.rows('NODE_COORD_SECTION', dimension, 2);
  if (rows === undefined) throw new FormatError('There is no NODE_COORD_SECTION');
  const points = rows.map(({ values: [x = 0, y = 0] }) => ({ x, y }));
  return planeMatrix(
    points,
    scale === 1 ? measure : (dx, dy) => Math.floor(scale * straight(dx, dy)),
  );
}

/** In which order the numbers of a matrix are listed: which columns of each row. The other half is the same. */
const ORDERS: Readonly<Record<string, (row: number, size: number) => readonly [number, number]>> = {
  FULL_MATRIX: (_, size) => [0, size],
  UPPER_ROW: (row, size) => [row + 1, size],
  LOWER_ROW: (row) => [0, row],
  UPPER_DIAG_ROW: (row, size) => [row, size],
  LOWER_DIAG_ROW: (row) => [0, row + 1],
};

/** Read by columns, one half of a symmetric matrix is the other half read by rows. */
const BY_COLUMNS: Readonly<Record<string, string>> = {
  UPPER_COL: 'LOWER_ROW',
  LOWER_COL: 'UPPER_ROW',
  UPPER_DIAG_COL: 'LOWER_DIAG_ROW',
  LOWER_DIAG_COL: 'UPPER_DIAG_ROW',
};

function readExplicit(file: VrplibFile, size: number): Matrix {
  const order = orderOf(file);
  const spans = Array.from({ length: size }, (_, row) => order(row, size));
  const expected = spans.reduce((sum, [from, until]) => sum + until - from, 0);
  const weights = readWeights(file, expected);
  const ways = new Int32Array(size * size);
  const isFull = order === ORDERS['FULL_MATRIX'];
  let next = 0;
  spans.forEach(([from, until], row) => {
    for (let column = from; column < until; column += 1) {
      const weight = weights[next] ?? 0;
      next += 1;
      ways[row * size + column] = weight;
      if (!isFull) ways[column * size + row] = weight;
    }
  });
  return { size, seconds: ways, metres: ways };
}

/** All numbers of the section, wherever its lines break. */
function readWeights(file: VrplibFile, expected: number): number[] {
  const section = 'EDGE_WEIGHT_SECTION';
  const lines = file.lines(section);
  if (lines === undefined) throw new FormatError(`There is no ${section}`);
  const weights: number[] = [];
  for (const line of lines) {
    for (const weight of readNumbers(line, -1)) {
      if (!Number.isInteger(weight) || weight < 0) {
        throw new FormatError(`A weight is a whole number, not ${weight}`, line.number);
      }
      weights.push(Math.min(weight, NO_WAY));
    }
  }
  if (weights.length === expected) return weights;
  const text = `${section} has ${weights.length} numbers, ${expected} are expected`;
  throw new FormatError(text, file.lineOf(section));
}

function orderOf(file: VrplibFile): (row: number, size: number) => readonly [number, number] {
  const name = 'EDGE_WEIGHT_FORMAT';
  const format = file.text(name);
  if (format === undefined) throw new FormatError(`There is no ${name}`);
  // Eilon's instances of CVRPLIB list columns and call them rows: only so their published solutions have their published lengths.
  const isEilon = format === 'LOWER_ROW' && /eilon/i.test(file.text('COMMENT') ?? '');
  const order = ORDERS[isEilon ? 'UPPER_ROW' : (BY_COLUMNS[format] ?? format)];
  if (order === undefined)
    throw new FormatError(`${name} ${format} is not known`, file.lineOf(name));
  return order;
}
