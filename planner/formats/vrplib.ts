import { fillMatrix } from '../problem/matrix.ts';
import type { Matrix } from '../problem/matrix.ts';
import type { Problem, Window } from '../problem/problem.ts';
import { FormatError } from './format-error.ts';
import { readNumbers, splitLines } from './lines.ts';
import type { Line } from './lines.ts';
import { FOREVER, plainFleet } from './plain-fleet.ts';
import type { Customer } from './plain-fleet.ts';

interface Sections {
  readonly fields: ReadonlyMap<string, { readonly value: string; readonly line: number }>;
  readonly sections: ReadonlyMap<string, readonly Line[]>;
}

/** With windows, all numbers have one decimal, cut off, as PyVRP and the DIMACS challenge of 2021 have it. */
const TENTHS = 10;

/**
 * Reads a `.vrp` file as CVRPLIB and VRPLIB have it (TSPLIB 95): one depot, which is node 1; distances rounded to whole
 * numbers. Understands time windows, service times, prizes, release times and reloading at the depot as PyVRP's instances have them.
 * @throws FormatError with the line.
 */
export function readVrplib(text: string): Problem {
  const file = splitSections(text);
  const dimension = numberField(file, 'DIMENSION');
  const scale = file.sections.has('TIME_WINDOW_SECTION') ? TENTHS : 1;
  const matrix = readMatrix(file, dimension, scale);
  const demands = column(file, 'DEMAND_SECTION', dimension);
  if (demands === undefined) throw new FormatError('There is no DEMAND_SECTION');
  const windows = readWindows(file, dimension);
  const services = column(file, 'SERVICE_TIME_SECTION', dimension);
  const service = Number(file.fields.get('SERVICE_TIME')?.value ?? 0);
  const prizes = column(file, 'PRIZE_SECTION', dimension);
  const releases = column(file, 'RELEASE_TIME_SECTION', dimension);
  assertDepotFirst(file);
  const customers = Array.from({ length: dimension - 1 }, (_, index): Customer => {
    const node = index + 1;
    return {
      id: String(node),
      demand: demands[node] ?? 0,
      service: scale * (services?.[node] ?? service),
      ...optional('window', scaled(windows?.[node], scale)),
      ...optional('prize', times(prizes?.[node], scale)),
      ...optional('release', times(releases?.[node], scale)),
    };
  });
  const reloads = file.sections.has('VEHICLES_RELOAD_DEPOT_SECTION');
  return plainFleet({
    name: file.fields.get('NAME')?.value ?? 'unnamed',
    units: { perSecond: scale, perMetre: scale },
    ...{ matrix, customers, reloads },
    vehicles: Number(file.fields.get('VEHICLES')?.value ?? dimension - 1),
    capacity: numberField(file, 'CAPACITY'),
    horizon: scaled(windows?.[0], scale) ?? [0, FOREVER],
  });
}

function scaled(window: Window | undefined, scale: number): Window | undefined {
  return window && [window[0] * scale, window[1] * scale];
}

function times(value: number | undefined, scale: number): number | undefined {
  return value === undefined ? undefined : value * scale;
}

function splitSections(text: string): Sections {
  const fields = new Map<string, { value: string; line: number }>();
  const sections = new Map<string, Line[]>();
  let section: Line[] | undefined;
  for (const line of splitLines(text)) {
    const [, name, value] = /^([A-Z_]+)\s*:?\s*(.*)$/.exec(line.text) ?? [];
    if (name === undefined) {
      if (section === undefined)
        throw new FormatError(`"${line.text}" is out of place`, line.number);
      section.push(line);
    } else if (name === 'EOF') break;
    else if (name.endsWith('_SECTION')) {
      section = [];
      sections.set(name, section);
    } else fields.set(name, { value: (value ?? '').replaceAll('"', ''), line: line.number });
  }
  return { fields, sections };
}

function numberField({ fields }: Sections, name: string): number {
  const field = fields.get(name);
  if (field === undefined) throw new FormatError(`There is no ${name}`);
  const value = Number(field.value);
  if (!Number.isFinite(value) || value < 0) {
    throw new FormatError(`${name} is "${field.value}", which is no number`, field.line);
  }
  return value;
}

/** The last number of each line of a section, by node. */
function column({ sections }: Sections, name: string, dimension: number): number[] | undefined {
  return rows(sections.get(name), name, dimension, 2)?.map((row) => row.at(-1) ?? 0);
}

/** Rows of a section by node, without the node. They must be in order and complete. */
function rows(
  lines: readonly Line[] | undefined,
  name: string,
  dimension: number,
  width: number,
): number[][] | undefined {
  if (lines === undefined) return undefined;
  if (lines.length !== dimension) {
    throw new FormatError(
      `${name} has ${lines.length} lines, DIMENSION says ${dimension}`,
      lines[0]?.number,
    );
  }
  return lines.map((line, index) => {
    const [node, ...values] = readNumbers(line, width);
    if (node !== index + 1)
      throw new FormatError(`node ${index + 1} is expected, not ${node}`, line.number);
    return values;
  });
}

function readWindows({ sections }: Sections, dimension: number): Window[] | undefined {
  const name = 'TIME_WINDOW_SECTION';
  return rows(sections.get(name), name, dimension, 3)?.map(([from = 0, until = FOREVER]) => [
    from,
    until,
  ]);
}

function readMatrix(file: Sections, dimension: number, scale: number): Matrix {
  const kind = file.fields.get('EDGE_WEIGHT_TYPE')?.value ?? 'EUC_2D';
  if (kind === 'EXPLICIT') return readExplicit(file, dimension);
  const convention = file.fields.get('EDGE_WEIGHT_TYPE');
  if (kind !== 'EUC_2D')
    throw new FormatError(`EDGE_WEIGHT_TYPE ${kind} is not known`, convention?.line);
  const points = rows(file.sections.get('NODE_COORD_SECTION'), 'NODE_COORD_SECTION', dimension, 3);
  if (points === undefined) throw new FormatError('There is no NODE_COORD_SECTION');
  return fillMatrix(dimension, (from, to) => {
    const [x1 = 0, y1 = 0] = points[from] ?? [];
    const [x2 = 0, y2 = 0] = points[to] ?? [];
    const straight = Math.hypot(x1 - x2, y1 - y2);
    const way = scale === 1 ? Math.floor(straight + 0.5) : Math.floor(straight * scale);
    return { seconds: way, metres: way };
  });
}

function readExplicit(file: Sections, dimension: number): Matrix {
  const format = file.fields.get('EDGE_WEIGHT_FORMAT');
  if (format?.value !== 'FULL_MATRIX') {
    throw new FormatError(`EDGE_WEIGHT_FORMAT ${format?.value} is not known`, format?.line);
  }
  const lines = file.sections.get('EDGE_WEIGHT_SECTION') ?? [];
  const weights = lines.flatMap((line) => readNumbers(line, 1));
  if (weights.length !== dimension * dimension) {
    throw new FormatError(`EDGE_WEIGHT_SECTION has ${weights.length} numbers`, lines[0]?.number);
  }
  return fillMatrix(dimension, (from, to) => {
    const way = Math.round(weights[from * dimension + to] ?? 0);
    return { seconds: way, metres: way };
  });
}

function assertDepotFirst({ sections }: Sections): void {
  const lines = sections.get('DEPOT_SECTION') ?? [];
  const depots = lines.flatMap((line) => readNumbers(line, 1)).filter((node) => node !== -1);
  if (depots.length > 0 && (depots.length !== 1 || depots[0] !== 1)) {
    throw new FormatError('The depot must be node 1, and the only one', lines[0]?.number);
  }
}

function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [key in Name]?: Value } {
  // Safe: an object with this one name, or none.
  return (value === undefined ? {} : { [name]: value }) as { [key in Name]?: Value };
}
