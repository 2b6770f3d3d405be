import type { DisposalSite, Problem, Stop, Vehicle, Window } from '../problem/problem.ts';
import { NO_WAY } from '../problem/matrix.ts';
import type { Matrix } from '../problem/matrix.ts';
import { FormatError } from './format-error.ts';
import { readNumber, readNumbers, splitLines } from './lines.ts';
import type { Line } from './lines.ts';
import { inUnits } from './plain-fleet.ts';
import { assertPlaces, planeMatrix } from './plane.ts';

const FEET_PER_MILE = 5280;
/** Times are kept in tenths of a second: a way of some hundred feet takes a few seconds only. */
const TENTHS = 10;
/** The file says that lunch begins within this hour, in a comment. */
const LUNCH: Window = [11 * 3600 * TENTHS, 12 * 3600 * TENTHS];
/** Dearer than any detour that spares a vehicle, in feet. */
const FEET_PER_VEHICLE = 100 * FEET_PER_MILE;

/** What the lines above the table hold, one number each. */
interface Head {
  readonly capacity: number;
  readonly dayCapacity: number;
  readonly maxStops: number;
  readonly lunchSeconds: number;
  readonly mph: number;
}

interface Row {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly window: Window;
  readonly service: number;
  readonly load: number;
  readonly kind: number;
  readonly line: number;
}

/**
 * Reads an instance of Kim, Kim & Sahoo 2006 (doi:10.1016/j.cor.2005.02.045): waste collection with landfills, lunch and a day's
 * capacity. Distances are feet along the axes, times tenths of a second, loads cubic yards; "metres" stands for feet and "litres"
 * for cubic yards. Vehicles come first: each costs as much as 100 miles.
 * @throws FormatError with the line.
 */
export function readKim(text: string): Problem {
  const lines = splitLines(text);
  const head = readHead(lines);
  const rows = lines.slice(6).map(readRow);
  const depotAt = findDepot(rows);
  const shift = rows[depotAt]?.window ?? [0, 0];
  const stops = rows.flatMap((row, location) => (row.kind === 1 ? [readStop(row, location)] : []));
  if (stops.length === 0) throw new FormatError('There are no stops (type 1)');
  const disposalSites = rows.flatMap((row, location) =>
    row.kind === 2 ? [readLandfill(row, location)] : [],
  );
  if (disposalSites.length === 0) throw new FormatError('There is no landfill (type 2)');
  const vehicles = stops.map((_, index): Vehicle => ({
    id: String(index + 1),
    ...{ profile: 'truck', start: depotAt, end: depotAt, skills: [], shift },
    compartments: [{ streams: null, litres: head.capacity, kg: Infinity }],
    costs: { fixed: FEET_PER_VEHICLE, perDrivingHour: 0, perKm: 1000 },
    breaks: [{ id: 'lunch', window: LUNCH, seconds: head.lunchSeconds * TENTHS }],
    mustEndEmpty: true,
    ...{ maxStops: head.maxStops, maxDayLitres: head.dayCapacity },
  }));
  return {
    name: 'waste collection',
    units: { perSecond: TENTHS, perMetre: 1 },
    locations: rows.map(({ id }) => ({ name: id })),
    matrices: new Map([['truck', readMatrix(rows, head.mph)]]),
    ...{ vehicles, stops, disposalSites },
  };
}

function readHead(lines: readonly Line[]): Head {
  const [capacity, dayCapacity, maxStops, lunch, speed, heading] = lines;
  const head = {
    capacity: firstNumber(capacity, 'the capacity of a vehicle'),
    dayCapacity: firstNumber(dayCapacity, 'the capacity of a day'),
    maxStops: firstNumber(maxStops, 'the number of stops of a day'),
    lunchSeconds: firstNumber(lunch, 'the length of lunch'),
    mph: firstNumber(speed, 'the speed'),
  };
  if (!Number.isInteger(head.maxStops) || !Number.isInteger(head.lunchSeconds)) {
    throw new FormatError('A whole number is expected', (maxStops ?? lunch)?.number);
  }
  if (!/Stop_Type/i.test(heading?.text ?? '')) {
    throw new FormatError('The headings of the table are expected', heading?.number);
  }
  return head;
}

/** The number that a line begins with; whatever follows explains it. */
function firstNumber(line: Line | undefined, what: string): number {
  const [word = ''] = line?.text.split(/\s|\/\//, 1) ?? [];
  if (line === undefined || word === '') throw new FormatError(`${what} is missing`, line?.number);
  const value = readNumber(word, line.number);
  if (value <= 0) throw new FormatError(`${what} is ${value}`, line.number);
  return value;
}

function readRow(line: Line): Row {
  const [id = 0, x = 0, y = 0, early = 0, late = 0, service = 0, load = 0, kind = 0] = readNumbers(
    line,
    8,
  );
  if (![0, 1, 2].includes(kind)) throw new FormatError(`A stop has no type ${kind}`, line.number);
  if (load < 0) throw new FormatError(`A load of ${load} is not possible`, line.number);
  const window: Window = [clock(early, line.number), clock(late, line.number)];
  if (window[1] < window[0]) {
    throw new FormatError(`The window from ${early} to ${late} ends before it begins`, line.number);
  }
  const serviceTenths = inUnits(service, TENTHS, 'A service time', line.number);
  return { id: String(id), x, y, window, service: serviceTenths, load, kind, line: line.number };
}

/**
 * HHMM, whose zeros in front may be missing, in tenths of a second. Minutes beyond 59 go on into the next hour, as an instance of the
 * authors has them ("1675").
 */
function clock(hhmm: number, line: number): number {
  const seconds = Math.floor(hhmm / 100) * 3600 + (hhmm % 100) * 60;
  if (!Number.isInteger(hhmm) || hhmm < 0 || seconds > 48 * 3600) {
    throw new FormatError(`${hhmm} is no time of the day as HHMM`, line);
  }
  return seconds * TENTHS;
}

function findDepot(rows: readonly Row[]): number {
  assertPlaces(rows.length);
  const seen = new Set<string>();
  for (const { id, line } of rows) {
    if (seen.has(id)) throw new FormatError(`Stop ${id} is there twice`, line);
    seen.add(id);
  }
  const [depot, second] = rows.filter(({ kind }) => kind === 0);
  if (depot === undefined) throw new FormatError('There is no depot (type 0)');
  if (second !== undefined)
    throw new FormatError('There is more than one depot (type 0)', second.line);
  return rows.indexOf(depot);
}

function readMatrix(rows: readonly Row[], mph: number): Matrix {
  const { size, metres } = planeMatrix(rows, (dx, dy) => Math.round(dx + dy));
  const tenthsPerFoot = (3600 * TENTHS) / (mph * FEET_PER_MILE);
  const seconds = metres.map((feet) => Math.min(NO_WAY, Math.round(feet * tenthsPerFoot)));
  return { size, metres, seconds };
}

function readStop({ id, load, service, window }: Row, location: number): Stop {
  return {
    ...{ id, location, stream: 'waste', skills: [], prize: null, windows: [window] },
    amounts: { litres: load, kg: 0 },
    serviceSeconds: service,
  };
}

function readLandfill({ id, service, window }: Row, location: number): DisposalSite {
  return { id, location, streams: null, serviceSeconds: service, windows: [window] };
}
