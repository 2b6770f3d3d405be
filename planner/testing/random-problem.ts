import { fillMatrix } from '../problem/matrix.ts';
import type { Matrix } from '../problem/matrix.ts';
import { WHOLE_UNITS } from '../problem/problem.ts';
import type { DisposalSite, Problem, Stop, Vehicle, Window } from '../problem/problem.ts';

/** What a random problem is to have beyond stops and vehicles. */
export interface Wishes {
  readonly stops: number;
  readonly vehicles: number;
  readonly windows?: boolean;
  readonly compartments?: boolean;
  readonly weights?: boolean;
  readonly sites?: number;
  readonly breaks?: boolean;
  readonly mustEndEmpty?: boolean;
  readonly skills?: boolean;
  readonly locks?: boolean;
  readonly prizes?: boolean;
  readonly releases?: boolean;
  readonly asymmetric?: boolean;
  readonly limits?: boolean;
  readonly openEnds?: boolean;
  readonly fractions?: boolean;
  readonly firstStops?: boolean;
  readonly noWays?: boolean;
  /** So much room that every stop can be served. */
  readonly roomy?: boolean;
}

/** A draw of whole numbers from 0 to `below - 1`. */
export type Draw = (below: number) => number;

/** Numbers by chance, the same for the same seed (a linear congruential generator with the constants of Numerical Recipes). */
export function drawFrom(seed: number): Draw {
  let state = Math.imul(seed, 2654435761) >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const DAY: Window = [0, 36_000];
const STREAMS = ['paper', 'glass'] as const;

/** A day's rounds in a town of a few kilometres, made by chance. */
export function randomProblem(seed: number, wishes: Wishes): Problem {
  const draw = drawFrom(seed);
  const { sites = 0 } = wishes;
  const places = Array.from({ length: 1 + sites + wishes.stops }, () => [draw(5000), draw(5000)]);
  const vehicles = Array.from({ length: wishes.vehicles }, (_, index) =>
    randomVehicle(index, wishes, draw),
  );
  const stops = Array.from({ length: wishes.stops }, (_, index) =>
    randomStop(index, 1 + sites + index, wishes, draw),
  );
  return {
    name: `random ${seed}`,
    units: WHOLE_UNITS,
    locations: places.map(() => ({})),
    matrices: new Map([['truck', randomMatrix(places, wishes, draw)]]),
    vehicles: wishes.firstStops === true ? fixFirst(vehicles, stops) : vehicles,
    stops: wishes.firstStops === true ? stops.map(easeFirst(2 * vehicles.length)) : stops,
    disposalSites: Array.from({ length: sites }, (_, index) => randomSite(index, wishes, draw)),
  };
}

function randomMatrix(
  places: readonly (readonly number[])[],
  { asymmetric, noWays, sites = 0, vehicles }: Wishes,
  draw: Draw,
): Matrix {
  // Depot, sites and what must come first can be reached.
  const safe = sites + 2 * vehicles;
  return fillMatrix(places.length, (from, to) => {
    const [a = [], b = []] = [places[from], places[to]];
    const metres = Math.round(Math.hypot((a[0] ?? 0) - (b[0] ?? 0), (a[1] ?? 0) - (b[1] ?? 0)));
    // Not even a triangle holds where roads are one-way.
    const more = asymmetric === true && from !== to ? draw(600) : 0;
    if (noWays === true && from > safe && to > safe && from !== to && draw(20) === 0) {
      return { seconds: 2 ** 28, metres: 2 ** 28 };
    }
    return { seconds: Math.round((metres + more) / 8), metres: metres + more };
  });
}

function randomVehicle(index: number, wishes: Wishes, draw: Draw): Vehicle {
  const { roomy, openEnds, fractions } = wishes;
  const litres = roomy === true ? 10_000 : 300 + draw(300);
  const kg = wishes.weights === true ? Math.round(litres / 3) : Infinity;
  const streams = wishes.compartments === true ? STREAMS.map((name) => [name]) : [null];
  return {
    id: `v${index}`,
    profile: 'truck',
    start: openEnds === true && draw(3) === 0 ? null : 0,
    end: openEnds === true && draw(3) === 0 ? null : 0,
    shift: DAY,
    compartments: streams.map((names) => ({ streams: names, litres, kg })),
    skills: wishes.skills !== true || draw(2) === 0 || index === 0 ? ['crane'] : [],
    costs: {
      fixed: draw(3) * 500,
      perKm: fractions === true ? 1.37 : 1000,
      perDrivingHour: fractions === true ? 41.5 : 0,
    },
    breaks:
      wishes.breaks === true
        ? [
            { id: 'lunch', window: [12_000, 16_000], seconds: 1800 },
            ...(draw(3) === 0
              ? [{ id: 'coffee', window: [20_000, 26_000] as const, seconds: 900 }]
              : []),
          ]
        : [],
    mustEndEmpty: wishes.mustEndEmpty === true,
    ...(wishes.limits === true && roomy !== true && wishes.firstStops !== true
      ? randomLimits(draw)
      : {}),
    ...(draw(4) === 0 && wishes.asymmetric === true ? { speedFactor: 0.8 } : {}),
  };
}

function randomLimits(draw: Draw): Partial<Vehicle> {
  return {
    ...(draw(2) === 0 ? { maxStops: 4 + draw(8) } : {}),
    ...(draw(2) === 0 ? { maxDrivingSeconds: 2500 + draw(4000) } : {}),
    ...(draw(2) === 0 ? { maxMetres: 15_000 + draw(20_000) } : {}),
    ...(draw(2) === 0 ? { maxDrivingBetweenBreaksSeconds: 1500 + draw(2000) } : {}),
    ...(draw(2) === 0 ? { maxDayLitres: 700 + draw(400) } : {}),
    ...(draw(2) === 0 ? { maxDisposalVisits: 1 + draw(3) } : {}),
  };
}

function randomStop(index: number, location: number, wishes: Wishes, draw: Draw): Stop {
  const litres = 20 + draw(100) + (wishes.fractions === true ? draw(100) / 100 : 0);
  const opens = draw(20_000);
  return {
    id: `s${index}`,
    location,
    stream: wishes.compartments === true && draw(2) === 0 ? 'paper' : 'glass',
    amounts: { litres, kg: wishes.weights === true ? draw(60) : 0 },
    serviceSeconds: 30 + draw(200),
    windows: wishes.windows === true && draw(2) === 0 ? randomWindows(opens, draw) : [],
    skills: wishes.skills === true && draw(4) === 0 ? ['crane'] : [],
    prize: wishes.prizes === true && draw(3) > 0 ? draw(4000) : null,
    ...(wishes.locks === true && draw(5) === 0 ? { vehicleId: `v${draw(wishes.vehicles)}` } : {}),
    ...(wishes.releases === true && draw(2) === 0 ? { releaseSeconds: draw(12_000) } : {}),
  };
}

function randomWindows(opens: number, draw: Draw): Window[] {
  const first: Window = [opens, opens + 4000 + draw(6000)];
  return draw(3) === 0 ? [first, [first[1] + 1000, first[1] + 5000]] : [first];
}

function randomSite(index: number, wishes: Wishes, draw: Draw): DisposalSite {
  // The first two take one stream each, so that everything can be unloaded somewhere.
  const stream = wishes.compartments === true ? STREAMS[index] : undefined;
  return {
    id: `d${index}`,
    location: 1 + index,
    streams: stream === undefined ? null : [stream],
    serviceSeconds: 300 + draw(600),
    windows: wishes.windows === true && draw(2) === 0 ? [[2000, 34_000]] : [],
    ...(index > 1 && draw(2) === 0 ? { vehicleIds: ['v0'] } : {}),
  };
}

/** First stops that any vehicle may serve at any time, so that serving them first breaks no limit. */
function easeFirst(count: number): (stop: Stop, index: number) => Stop {
  return ({ vehicleId, releaseSeconds, ...stop }, index) => {
    const others = {
      ...(vehicleId === undefined ? {} : { vehicleId }),
      ...(releaseSeconds === undefined ? {} : { releaseSeconds }),
    };
    return index < count ? { ...stop, windows: [], skills: [] } : { ...stop, ...others };
  };
}

/** Two stops of its own come first in each vehicle. */
function fixFirst(vehicles: readonly Vehicle[], stops: readonly Stop[]): readonly Vehicle[] {
  return vehicles.map((vehicle, index) => ({
    ...vehicle,
    firstStops: stops.slice(2 * index, 2 * index + 2).map(({ id }) => id),
  }));
}
