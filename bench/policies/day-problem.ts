import { fillMatrix } from '../../planner/problem/matrix.ts';
import type { Plan } from '../../planner/problem/plan.ts';
import { WHOLE_UNITS } from '../../planner/problem/problem.ts';
import type { Problem, Stop } from '../../planner/problem/problem.ts';
import type { Choice } from '../../planner/selection/policy.ts';
import { toStops } from '../../planner/selection/to-stops.ts';
import type { Emptying } from './bin-ledger.ts';
import type { World } from './world.ts';

/** All trucks leave at five in the morning and are back by one. */
export const SHIFT_HOURS = [5, 13] as const;
const UNLOADING_SECONDS = 900;

/** The day's rounds: what the policy wants served, with the world's fleet. Costs are metres. */
export function dayProblem(world: World, choices: readonly Choice[]): Problem {
  const index = new Map(world.bins.map(({ id }, bin) => [id, bin]));
  const wanted = choices.filter(({ verdict }) => verdict !== 'out');
  // Depot and disposal site, then the bins that come into question.
  const rows = [0, 1, ...wanted.map(({ id }) => 2 + (index.get(id) ?? 0))];
  const { matrix, bins } = world;
  const stops = toStops(
    wanted,
    (id) => {
      const bin = bins[index.get(id) ?? -1];
      if (bin === undefined) throw new Error(`There is no bin ${id}`);
      return { ...bin, windows: [], skills: [], kgPerLitre: 0 };
    },
    (id) => 2 + wanted.findIndex((choice) => choice.id === id),
  );
  return {
    name: world.name,
    units: WHOLE_UNITS,
    locations: rows.map(() => ({})),
    matrices: new Map([
      [
        'truck',
        fillMatrix(rows.length, (from, to) => {
          const way = (rows[from] ?? 0) * matrix.size + (rows[to] ?? 0);
          return { seconds: matrix.seconds[way] ?? 0, metres: matrix.metres[way] ?? 0 };
        }),
      ],
    ]),
    vehicles: world.vehicles.map(({ id, compartments }) => ({
      ...{ id, compartments, profile: 'truck', start: 0, end: 0, skills: [], breaks: [] },
      shift: [SHIFT_HOURS[0] * 3600, SHIFT_HOURS[1] * 3600],
      costs: { fixed: 0, perDrivingHour: 0, perKm: 1000 },
      mustEndEmpty: true,
    })),
    stops,
    disposalSites: [
      {
        id: 'transfer',
        location: 1,
        streams: null,
        serviceSeconds: UNLOADING_SECONDS,
        windows: [],
      },
    ],
  };
}

/** When each stop of a plan is served, in hours of the day, and how long the trucks are out. */
export function driveTimes(
  problem: Problem,
  plan: Plan,
): { readonly served: ReadonlyMap<string, number>; readonly hours: number } {
  const stops = new Map<string, Stop>(problem.stops.map((stop) => [stop.id, stop]));
  const sites = new Map(problem.disposalSites.map((site) => [site.id, site]));
  const matrix = problem.matrices.get('truck');
  const served = new Map<string, number>();
  let hours = 0;
  for (const { visits } of plan.routes) {
    if (!visits.some(({ kind }) => kind === 'stop')) continue;
    const beginSeconds = SHIFT_HOURS[0] * 3600;
    let [atSeconds, place] = [beginSeconds, 0];
    const drive = (to: number): void => {
      atSeconds += matrix?.seconds[place * matrix.size + to] ?? 0;
      place = to;
    };
    for (const { kind, id } of visits) {
      const visit = kind === 'stop' ? stops.get(id) : sites.get(id);
      if (visit === undefined) continue;
      drive(visit.location);
      if (kind === 'stop') served.set(id, atSeconds / 3600);
      atSeconds += visit.serviceSeconds;
    }
    drive(0);
    hours += (atSeconds - beginSeconds) / 3600;
  }
  return { served, hours };
}

export function emptyingsOf(
  world: World,
  served: ReadonlyMap<string, number>,
  dayHour: number,
): Emptying[] {
  return world.bins.flatMap(({ id }, bin) => {
    const hour = served.get(id);
    return hour === undefined ? [] : [{ bin, atHour: dayHour + hour }];
  });
}
