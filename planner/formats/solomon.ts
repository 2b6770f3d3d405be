import { fillMatrix } from '../problem/matrix.ts';
import type { Problem } from '../problem/problem.ts';
import { FormatError } from './format-error.ts';
import { readNumbers, splitLines } from './lines.ts';
import { plainFleet } from './plain-fleet.ts';

/** Distances have one decimal, cut off, as the DIMACS challenge of 2021 has it: ten units to one. */
const TENTHS = 10;

/**
 * Reads a `.txt` file of Solomon, or of Gehring and Homberger. The cost is the distance, each way cut to one decimal.
 * @throws FormatError with the line.
 */
export function readSolomon(text: string): Problem {
  const lines = splitLines(text);
  const fleetAt = lines.findIndex(({ text: line }) => /^NUMBER\s+CAPACITY/i.test(line));
  const fleet = lines[fleetAt + 1];
  if (fleetAt === -1 || fleet === undefined) throw new FormatError('There is no "NUMBER CAPACITY"');
  const [vehicles = 0, capacity = 0] = readNumbers(fleet, 2);
  const rows = lines
    .slice(fleetAt + 2)
    .filter(({ text: line }) => /^[\d-]/.test(line))
    .map((line) => readNumbers(line, 7));
  const [depot, ...customers] = rows;
  if (depot === undefined || customers.length === 0)
    throw new FormatError('There are no customers');
  const matrix = fillMatrix(rows.length, (from, to) => {
    const [, x1 = 0, y1 = 0] = rows[from] ?? [];
    const [, x2 = 0, y2 = 0] = rows[to] ?? [];
    const way = Math.floor(TENTHS * Math.hypot(x1 - x2, y1 - y2));
    return { seconds: way, metres: way };
  });
  return plainFleet({
    name: lines[0]?.text ?? 'unnamed',
    units: { perSecond: TENTHS, perMetre: TENTHS },
    ...{ matrix, vehicles, capacity },
    horizon: [TENTHS * (depot[4] ?? 0), TENTHS * (depot[5] ?? 0)],
    customers: customers.map(([id = 0, , , demand = 0, ready = 0, due = 0, service = 0]) => ({
      id: String(id),
      demand,
      service: TENTHS * service,
      window: [TENTHS * ready, TENTHS * due],
    })),
  });
}
