import type { Matrix } from '../problem/matrix.ts';
import { WHOLE_UNITS } from '../problem/problem.ts';
import type { DisposalSite, Problem, Stop, Units, Vehicle, Window } from '../problem/problem.ts';

/** A time that no route reaches, for instances without time. */
export const FOREVER = 1 << 29;

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
  readonly vehicles: number;
  readonly capacity: number;
  readonly horizon?: Window;
  /** Vehicles may come back to the depot, empty what they carry and go again. */
  readonly reloads?: boolean;
}

/** A problem of one depot and equal vehicles, as the benchmarks of vehicle routing have it. The cost is the distance. */
export function plainFleet(plain: PlainFleet): Problem {
  const { name, units = WHOLE_UNITS, matrix, customers, horizon = [0, FOREVER] } = plain;
  const vehicles = Array.from({ length: plain.vehicles }, (_, index): Vehicle => ({
    id: String(index + 1),
    ...{ profile: PROFILE, start: 0, end: 0, shift: horizon, skills: [], breaks: [] },
    compartments: [{ streams: null, litres: plain.capacity, kg: Infinity }],
    costs: { fixed: 0, perDrivingHour: 0, perKm: 1000 },
    mustEndEmpty: false,
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
    ...{ name, units, vehicles, stops },
    locations: Array.from({ length: matrix.size }, (_, index) => ({ name: String(index) })),
    matrices: new Map([[PROFILE, matrix]]),
    disposalSites: plain.reloads === true ? [depot] : [],
  };
}
