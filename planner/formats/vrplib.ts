import type { Problem, Window } from '../problem/problem.ts';
import { FormatError } from './format-error.ts';
import { readNumbers } from './lines.ts';
import { FOREVER, inUnits, plainFleet, windowInUnits } from './plain-fleet.ts';
import type { Customer } from './plain-fleet.ts';
import { MOST_PLACES } from './plane.ts';
import { VrplibFile } from './vrplib-sections.ts';
import { readWays } from './vrplib-ways.ts';

/** With windows, all numbers have one decimal, cut off, as PyVRP and the DIMACS challenge of 2021 have it. */
const TENTHS = 10;

const KNOWN = new Set([
  ...['NAME', 'COMMENT', 'TYPE', 'DIMENSION', 'CAPACITY', 'VEHICLES', 'DISTANCE', 'SERVICE_TIME'],
  ...['EDGE_WEIGHT_TYPE', 'EDGE_WEIGHT_FORMAT', 'NODE_COORD_TYPE', 'DISPLAY_DATA_TYPE'],
  ...['NODE_COORD_SECTION', 'EDGE_WEIGHT_SECTION', 'DEMAND_SECTION', 'DEPOT_SECTION'],
  ...['TIME_WINDOW_SECTION', 'SERVICE_TIME_SECTION', 'RELEASE_TIME_SECTION', 'PRIZE_SECTION'],
  ...['VEHICLES_RELOAD_DEPOT_SECTION', 'VEHICLES_MAX_RELOADS', 'DISPLAY_DATA_SECTION'],
]);

/**
 * Reads a `.vrp` file as CVRPLIB and VRPLIB have it (TSPLIB 95): one depot, which is node 1; distances rounded to whole
 * numbers. Understands time windows, service times, prizes, release times and reloading at the depot as PyVRP's instances have
 * them. A section that is not known is refused, since it may hold a limit; an unknown field becomes a note.
 * @throws FormatError with the line.
 */
export function readVrplib(text: string): Problem {
  const file = new VrplibFile(text);
  const notes = assertKnown(file);
  const dimension = file.whole('DIMENSION', 2, MOST_PLACES);
  if (dimension === undefined) throw new FormatError('There is no DIMENSION');
  assertDepotFirst(file);
  const capacity = file.number('CAPACITY');
  if (capacity === undefined) throw new FormatError('There is no CAPACITY');
  // Matrices of whole numbers are taken as they are, and so are the times beside them.
  const isExplicit = file.text('EDGE_WEIGHT_TYPE') === 'EXPLICIT';
  const scale = file.has('TIME_WINDOW_SECTION') && !isExplicit ? TENTHS : 1;
  const { horizon, customers } = readCustomers(file, dimension, scale);
  return plainFleet({
    name: file.text('NAME') ?? 'unnamed',
    units: { perSecond: scale, perMetre: scale },
    matrix: readWays(file, dimension, scale),
    ...{ customers, capacity, horizon, notes },
    vehicles: file.whole('VEHICLES', 1, 1e9) ?? dimension - 1,
    reloads: readReloads(file),
  });
}

function assertKnown(file: VrplibFile): string[] {
  const { fields, sections } = file.unknown(KNOWN);
  const [refused] = [...sections, ...fields.filter((name) => name.startsWith('VEHICLES'))];
  if (refused !== undefined) throw new FormatError(`${refused} is not known`, file.lineOf(refused));
  return fields.map((name) => `line ${file.lineOf(name)}: ${name} is not known and is passed over`);
}

function readCustomers(
  file: VrplibFile,
  dimension: number,
  scale: number,
): { horizon: Window; customers: Customer[] } {
  const demands = file.rows('DEMAND_SECTION', dimension, 1);
  if (demands === undefined) throw new FormatError('There is no DEMAND_SECTION');
  const windows = readWindows(file, dimension, scale);
  const services = readTimes(file, 'SERVICE_TIME_SECTION', dimension, scale);
  const releases = readTimes(file, 'RELEASE_TIME_SECTION', dimension, scale);
  const prizes = file.rows('PRIZE_SECTION', dimension, 1);
  const line = file.lineOf('SERVICE_TIME');
  const service = inUnits(file.number('SERVICE_TIME') ?? 0, scale, 'A SERVICE_TIME', line);
  const all = demands.map(({ values: [demand = 0], line: at }, node): Customer => {
    if (demand < 0) throw new FormatError(`A demand of ${demand} is not possible`, at);
    const window = windows?.[node];
    const release = releases?.[node];
    const prize = readPrize(prizes?.[node], scale);
    return {
      ...{ id: String(node), demand, service: services?.[node] ?? service },
      ...(window === undefined ? {} : { window }),
      ...(release === undefined ? {} : { release }),
      ...(prize === undefined ? {} : { prize }),
    };
  });
  const [depot, ...customers] = all;
  if (depot !== undefined && depot.demand > 0) {
    throw new FormatError('The depot, node 1, has a demand', demands[0]?.line);
  }
  return { horizon: readHorizon(file, depot?.window, scale), customers };
}

/** A customer without a prize must be served, and so must one whose prize is 0, as PyVRP has it. */
function readPrize(
  row: { readonly values: readonly number[]; readonly line: number } | undefined,
  scale: number,
): number | undefined {
  const [prize = 0] = row?.values ?? [];
  if (prize < 0) throw new FormatError(`A prize of ${prize} is not possible`, row?.line);
  return prize === 0 ? undefined : Math.floor(prize * scale + 1e-6);
}

/** When vehicles are out: the depot's window, or as long as a route may be, service included. */
function readHorizon(file: VrplibFile, window: Window | undefined, scale: number): Window {
  const longest = file.number('DISTANCE');
  if (longest === undefined) return window ?? [0, FOREVER];
  const line = file.lineOf('DISTANCE');
  if (window !== undefined) {
    throw new FormatError('DISTANCE beside time windows is not known', line);
  }
  return windowInUnits(0, longest, scale, line);
}

function readWindows(file: VrplibFile, dimension: number, scale: number): Window[] | undefined {
  return file
    .rows('TIME_WINDOW_SECTION', dimension, 2)
    ?.map(({ values: [from = 0, until = 0], line }) => windowInUnits(from, until, scale, line));
}

function readTimes(
  file: VrplibFile,
  name: string,
  dimension: number,
  scale: number,
): number[] | undefined {
  return file
    .rows(name, dimension, 1)
    ?.map(({ values: [value = 0], line }) => inUnits(value, scale, 'A time', line));
}

/** How often a vehicle may come back to the depot to empty what it carries. */
function readReloads(file: VrplibFile): number {
  const name = 'VEHICLES_RELOAD_DEPOT_SECTION';
  const lines = file.lines(name);
  if (lines === undefined) return 0;
  for (const line of lines) {
    const [, ...depots] = readNumbers(line, -1);
    if (depots.some((depot) => depot !== 1)) {
      throw new FormatError('Only node 1 is a depot', line.number);
    }
  }
  return file.whole('VEHICLES_MAX_RELOADS', 1, 1e9) ?? Infinity;
}

function assertDepotFirst(file: VrplibFile): void {
  const lines = file.lines('DEPOT_SECTION') ?? [];
  const depots = lines.flatMap((line) => readNumbers(line, -1)).filter((node) => node !== -1);
  if (depots.length > 0 && (depots.length !== 1 || depots[0] !== 1)) {
    throw new FormatError('The depot must be node 1, and the only one', lines[0]?.number);
  }
}
