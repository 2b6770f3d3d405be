import { fillMatrix } from '../problem/matrix.ts';
import type { Visit } from '../problem/plan.ts';
import { WHOLE_UNITS } from '../problem/problem.ts';
import type { DisposalSite, Problem, Stop, Vehicle } from '../problem/problem.ts';

/** From one place to the next one on the line. */
export const STEP_SECONDS = 60;
export const STEP_METRES = 1000;

/** Places on a straight street: the depot is 0, and a place is as many steps away as its number says. */
export function lineProblem(
  parts: Partial<Omit<Problem, 'locations' | 'matrices'>> & { readonly places?: number },
): Problem {
  const { places = 10, ...rest } = parts;
  return {
    ...{ name: 'line', units: WHOLE_UNITS, vehicles: [], stops: [], disposalSites: [] },
    locations: Array.from({ length: places }, (_, index) => ({ name: `place ${index}` })),
    matrices: new Map([
      [
        'truck',
        fillMatrix(places, (from, to) => ({
          seconds: Math.abs(from - to) * STEP_SECONDS,
          metres: Math.abs(from - to) * STEP_METRES,
        })),
      ],
    ]),
    ...rest,
  };
}

/** A vehicle that may do everything, from the depot and back to it. A kilometre costs 1. */
export function vehicle(parts: Partial<Vehicle> = {}): Vehicle {
  return {
    ...{ id: 'v1', profile: 'truck', start: 0, end: 0, shift: [0, 36_000] },
    compartments: [{ streams: null, litres: 1000, kg: 1000 }],
    ...{ skills: [], breaks: [], mustEndEmpty: false },
    costs: { fixed: 0, perDrivingHour: 0, perKm: 1 },
    ...parts,
  };
}

/** A stop of 100 litres that must be served. */
export function stop(id: string, location: number, parts: Partial<Stop> = {}): Stop {
  return {
    ...{ id, location, stream: 'residual', amounts: { litres: 100, kg: 10 }, serviceSeconds: 30 },
    ...{ windows: [], skills: [], prize: null },
    ...parts,
  };
}

export function site(
  id: string,
  location: number,
  parts: Partial<DisposalSite> = {},
): DisposalSite {
  return { id, location, streams: null, serviceSeconds: 0, windows: [], ...parts };
}

/** Visits as words: `a` is a stop, `[a]` a disposal site, `(a)` a break. */
export function visits(text: string): Visit[] {
  return text.split(' ').flatMap((word): Visit[] => {
    if (word === '') return [];
    if (word.startsWith('[')) return [{ kind: 'disposal', id: word.slice(1, -1) }];
    if (word.startsWith('(')) return [{ kind: 'break', id: word.slice(1, -1) }];
    return [{ kind: 'stop', id: word }];
  });
}
