import type { Matrix } from '../problem/matrix.ts';
import { WHOLE_UNITS } from '../problem/problem.ts';
import type { DisposalSite, Problem, Stop, Units, Vehicle, Window } from '../problem/problem.ts';
import { FormatError } from './format-error.ts';

/** A time that no route reaches, for instances without time. */
export const FOREVER = 1 << 29;

/** Longer than any round: what takes or begins later is a mistake. */
const LONGEST = 1 << 26;

const STREAM = 'any';
const PROFILE = 'plane';

/** A customer of a benchmark: a place, a demand, and what limits the visit. */
export interface Customer {
  readonly id: string;
  readonly demand: number;
  readonly service?: number;
  readonly window?: Window;
  readonly release?: number;
  readonly prize?: number;
}

export interface PlainFleet {
  readonly name: string;
  readonly units?: Units;
  /** Ways between the depot (0) and the customers (1 and on, in order). */
  readonly matrix: Matrix;
  readonly customers: readonly Customer[];
  /** More vehicles than customers are of no use, and left away. */
  readonly vehicles: number;
  readonly capacity: number;
  readonly horizon?: Window;
  /** Vehicles may come back to the depot, empty what they carry and go again; so often at most. */
  readonly reloads?: number;
  readonly notes?: readonly string[];
}

/** A problem of one depot and equal vehicles, as the benchmarks of vehicle routing have it. The cost is the distance. */
export function plainFleet(plain: PlainFleet): Problem {
  const { name, units = WHOLE_UNITS, matrix, customers, horizon = [0, FOREVER] } = plain;
  const { reloads = 0, notes = [] } = plain;
  const count = Math.min(plain.vehicles, customers.length);
  const vehicles = Array.from({ length: count }, (_, index): Vehicle => ({
    id: String(index + 1),
    ...{ profile: PROFILE, start: 0, end: 0, shift: horizon, skills: [], breaks: [] },
    compartments: [{ streams: null, litres: plain.capacity, kg: Infinity }],
    costs: { fixed: 0, perDrivingHour: 0, perKm: 1000 },
    mustEndEmpty: false,
    ...(reloads > 0 && reloads < Infinity ? { maxDisposalVisits: reloads } : {}),
  }));
  const stops = customers.map((customer, index): Stop => ({
    id: customer.id,
    location: index + 1,
    ...{ stream: STREAM, skills: [] },
    amounts: { litres: customer.demand, kg: 0 },
    serviceSeconds: customer.service ?? 0,
    windows: customer.window === undefined ? [] : [customer.window],
    prize: customer.prize ?? null,
    ...(customer.release === undefined ? {} : { releaseSeconds: customer.release }),
  }));
  const depot: DisposalSite = {
    id: 'depot',
    ...{ location: 0, streams: null, serviceSeconds: 0, windows: [] },
  };
  return {
    ...{ name, units, vehicles, stops, notes },
    locations: Array.from({ length: matrix.size }, (_, index) => ({ name: String(index) })),
    matrices: new Map([[PROFILE, matrix]]),
    disposalSites: reloads > 0 ? [depot] : [],
  };
}

/** A duration or time in units of a file, whose further decimals are cut off. @throws FormatError when it makes no sense. */
export function inUnits(value: number, scale: number, what: string, line?: number): number {
  // 16.1 * 10 is a little more than 161, and other products a little less.
  const units = Math.floor(value * scale + 1e-6);
  if (units < 0 || units > LONGEST)
    throw new FormatError(`${what} of ${value} is not possible`, line);
  return units;
}

/** A window in units of a file; whatever is later than any route is forever. @throws FormatError when it makes no sense. */
export function windowInUnits(from: number, until: number, scale: number, line?: number): Window {
  if (until < from)
    throw new FormatError(`The window from ${from} to ${until} ends before it begins`, line);
  const end = until * scale > LONGEST ? FOREVER : inUnits(until, scale, 'An end', line);
  return [inUnits(from, scale, 'A beginning', line), end];
}
