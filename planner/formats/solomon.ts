import type { Problem } from '../problem/problem.ts';
import { FormatError } from './format-error.ts';
import { readNumbers, shorten, splitLines } from './lines.ts';
import type { Line } from './lines.ts';
import { inUnits, plainFleet, windowInUnits } from './plain-fleet.ts';
import type { Customer } from './plain-fleet.ts';
import { assertPlaces, planeMatrix, straight } from './plane.ts';

/** Distances have one decimal, cut off, as the DIMACS challenge of 2021 has it: ten units to one. */
const TENTHS = 10;

interface Row extends Customer {
  readonly x: number;
  readonly y: number;
  readonly line: number;
}

/**
 * Reads a `.txt` file of Solomon, or of Gehring and Homberger. The cost is the distance, each way cut to one decimal.
 * @throws FormatError with the line.
 */
export function readSolomon(text: string): Problem {
  const lines = splitLines(text);
  const fleetAt = lines.findIndex(({ text: line }) => /^NUMBER\s+CAPACITY/i.test(line));
  const fleet = lines[fleetAt + 1];
  if (fleetAt === -1 || fleet === undefined) {
    throw new FormatError(
      'The numbers under "NUMBER CAPACITY" are missing',
      lines[fleetAt]?.number,
    );
  }
  const { vehicles, capacity } = readFleet(fleet);
  const rows = customerLines(lines.slice(fleetAt + 2)).map(readRow);
  const [depot, ...customers] = rows;
  if (depot === undefined || customers.length === 0) {
    throw new FormatError('There are no customers', fleet.number);
  }
  assertPlaces(rows.length, fleet.number);
  if (depot.id !== '0') throw new FormatError('The depot, number 0, must come first', depot.line);
  assertUnique(rows);
  return plainFleet({
    name: fleetAt === 0 ? 'unnamed' : (lines[0]?.text ?? 'unnamed'),
    units: { perSecond: TENTHS, perMetre: TENTHS },
    matrix: planeMatrix(rows, (dx, dy) => Math.floor(TENTHS * straight(dx, dy))),
    ...{ vehicles, capacity, customers },
    ...(depot.window === undefined ? {} : { horizon: depot.window }),
  });
}

function readFleet(line: Line): { vehicles: number; capacity: number } {
  const [vehicles = 0, capacity = 0] = readNumbers(line, 2);
  if (!Number.isInteger(vehicles) || vehicles < 1) {
    throw new FormatError(`${vehicles} vehicles are not possible`, line.number);
  }
  if (capacity <= 0)
    throw new FormatError(`A capacity of ${capacity} is not possible`, line.number);
  return { vehicles, capacity };
}

/** What follows the headings. */
function customerLines(lines: readonly Line[]): readonly Line[] {
  const first = lines.findIndex(({ text }) => /^[-+.\d]/.test(text));
  const heading = lines
    .slice(0, first === -1 ? undefined : first)
    .find(({ text }) => !/^CUST/i.test(text));
  if (heading !== undefined) {
    throw new FormatError(`"${shorten(heading.text)}" is out of place`, heading.number);
  }
  return first === -1 ? [] : lines.slice(first);
}

function readRow(line: Line): Row {
  const [id = 0, x = 0, y = 0, demand = 0, ready = 0, due = 0, service = 0] = readNumbers(line, 7);
  if (!Number.isInteger(id) || id < 0) throw new FormatError(`${id} is no customer`, line.number);
  if (demand < 0) throw new FormatError(`A demand of ${demand} is not possible`, line.number);
  return {
    id: String(id),
    ...{ x, y, demand, line: line.number },
    service: inUnits(service, TENTHS, 'A service time', line.number),
    window: windowInUnits(ready, due, TENTHS, line.number),
  };
}

function assertUnique(rows: readonly Row[]): void {
  const seen = new Set<string>();
  for (const { id, line } of rows) {
    if (seen.has(id)) throw new FormatError(`Customer ${id} is there twice`, line);
    seen.add(id);
  }
}
