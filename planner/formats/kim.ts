import { fillMatrix } from '../problem/matrix.ts';
import type { Problem, Stop, Vehicle, Window } from '../problem/problem.ts';
import { FormatError } from './format-error.ts';
import { readNumbers, splitLines } from './lines.ts';
import type { Line } from './lines.ts';

const FEET_PER_MILE = 5280;
/** Times are kept in tenths of a second: a way of some hundred feet takes a few seconds only. */
const TENTHS = 10;
const LUNCH: Window = [11 * 3600 * TENTHS, 12 * 3600 * TENTHS];
/** Dearer than any detour that spares a vehicle, in feet. */
const FEET_PER_VEHICLE = 100 * FEET_PER_MILE;

interface Row {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly window: Window;
  readonly service: number;
  readonly load: number;
  readonly kind: number;
}

/**
 * Reads an instance of Kim, Kim & Sahoo 2006 (doi:10.1016/j.cor.2005.02.045): waste collection with landfills, lunch and a day's
 * capacity. Distances are feet along the axes, times tenths of a second, loads cubic yards; "metres" stands for feet.
 * @throws FormatError with the line.
 */
export function readKim(text: string): Problem {
  const lines = splitLines(text);
  const head = lines.slice(0, 5).map(firstNumber);
  const [capacity = 0, dayCapacity = 0, maxStops = 0, lunchSeconds = 0, mph = 0] = head;
  const rows = lines.slice(6).map(readRow);
  const depotAt = rows.findIndex(({ kind }) => kind === 0);
  const depot = rows[depotAt];
  if (depot === undefined) throw new FormatError('There is no depot (type 0)');
  const secondsPerFoot = 3600 / (mph * FEET_PER_MILE);
  const matrix = fillMatrix(rows.length, (from, to) => {
    const a = rows[from] ?? depot;
    const b = rows[to] ?? depot;
    const feet = Math.round(Math.abs(a.x - b.x) + Math.abs(a.y - b.y));
    return { seconds: Math.round(feet * secondsPerFoot * TENTHS), metres: feet };
  });
  const stops = rows.flatMap((row, location): Stop[] =>
    row.kind === 1
      ? [
          {
            ...{ id: String(row.id), location, stream: 'waste', skills: [], prize: null },
            amounts: { litres: row.load, kg: 0 },
            serviceSeconds: row.service,
            windows: [row.window],
          },
        ]
      : [],
  );
  const vehicles = stops.map((_, index): Vehicle => ({
    id: String(index + 1),
    ...{ profile: 'truck', start: depotAt, end: depotAt, skills: [] },
    shift: depot.window,
    compartments: [{ streams: null, litres: capacity, kg: Infinity }],
    costs: { fixed: FEET_PER_VEHICLE, perDrivingHour: 0, perKm: 1000 },
    breaks: [{ id: 'lunch', window: LUNCH, seconds: lunchSeconds * TENTHS }],
    mustEndEmpty: true,
    ...{ maxStops, maxDayLitres: dayCapacity },
  }));
  return {
    name: 'waste collection',
    units: { perSecond: TENTHS, perMetre: 1 },
    locations: rows.map(({ id }) => ({ name: String(id) })),
    matrices: new Map([['truck', matrix]]),
    ...{ vehicles, stops },
    disposalSites: rows.flatMap((row, location) =>
      row.kind === 2
        ? [
            {
              ...{ id: String(row.id), location, streams: null },
              serviceSeconds: row.service,
              windows: [row.window],
            },
          ]
        : [],
    ),
  };
}

function firstNumber(line: Line): number {
  const value = Number.parseFloat(line.text);
  if (!Number.isFinite(value)) throw new FormatError('A number is expected', line.number);
  return value;
}

function readRow(line: Line): Row {
  const [id = 0, x = 0, y = 0, early = 0, late = 0, service = 0, load = 0, kind = 0] = readNumbers(
    line,
    8,
  );
  if (![0, 1, 2].includes(kind)) throw new FormatError(`A stop has no type ${kind}`, line.number);
  return { id, x, y, window: [clock(early), clock(late)], service: service * TENTHS, load, kind };
}

/** HHMM, whose zero in front may be missing, in tenths of a second. */
function clock(hhmm: number): number {
  return (Math.floor(hhmm / 100) * 3600 + (hhmm % 100) * 60) * TENTHS;
}
