import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Plan, Route, Visit } from '../problem/plan.ts';
import type { Problem, Stop, Vehicle } from '../problem/problem.ts';
import { lineProblem, site, stop, vehicle } from '../testing/line-problem.ts';
import { checkPlan } from './check-plan.ts';
import { driveRoute } from './drive-route.ts';
import type { ViolationKind } from './violation.ts';

const PLACES = 30;

interface Day {
  readonly problem: Problem;
  readonly plan: Plan;
}

/** Any plan, with limits that it just keeps: each vehicle's day, loads and each stop's window fit to the unit. */
const TIGHT_DAYS: fc.Arbitrary<Day> = fc
  .record({
    routes: fc.array(
      fc.array(
        fc.record({
          place: fc.integer({ min: 1, max: PLACES - 2 }),
          litres: fc.integer({ min: 1, max: 500 }),
          serviceSeconds: fc.integer({ min: 1, max: 300 }),
          unloadFirst: fc.boolean(),
        }),
        { minLength: 2, maxLength: 12 },
      ),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ routes }) => {
    const stops = routes.flatMap((route, r) =>
      route.map(({ place, litres, serviceSeconds }, i) =>
        stop(`${r}.${i}`, place, { amounts: { litres, kg: litres / 4 }, serviceSeconds }),
      ),
    );
    const plan: Plan = {
      routes: routes.map((route, r) => ({
        vehicleId: `v${r}`,
        visits: [
          ...route.flatMap(({ unloadFirst }, i): Visit[] => [
            ...(unloadFirst && i > 0 ? [{ kind: 'disposal' as const, id: 'tip' }] : []),
            { kind: 'stop', id: `${r}.${i}` },
          ]),
          { kind: 'break', id: 'lunch' },
          { kind: 'disposal', id: 'tip' },
        ],
      })),
    };
    const loose = lineProblem({
      ...{ places: PLACES, stops, disposalSites: [site('tip', PLACES - 1)] },
      vehicles: routes.map((_, r) =>
        vehicle({
          ...{ id: `v${r}`, mustEndEmpty: true, shift: [0, 1e6] },
          compartments: [{ streams: null, litres: 1e6, kg: 1e6 }],
          breaks: [{ id: 'lunch', window: [0, 1e6], seconds: 600 }],
        }),
      ),
    });
    return { problem: tighten(loose, plan), plan };
  });

function tighten(problem: Problem, plan: Plan): Problem {
  const starts = new Map<string, number>();
  const vehicles = problem.vehicles.map((one, index): Vehicle => {
    const route = plan.routes[index];
    if (route === undefined) return one;
    const driven = driveRoute(problem, one, route);
    for (const { visit, start } of driven.visits) {
      starts.set(visit.kind === 'stop' ? visit.id : `${one.id} ${visit.id}`, start);
    }
    const lunch = starts.get(`${one.id} lunch`) ?? 0;
    const loads = loadsOf(problem.stops, route);
    return {
      ...one,
      shift: [0, driven.endsAt],
      breaks: [{ id: 'lunch', window: [lunch, lunch], seconds: 600 }],
      ...{ maxMetres: driven.metres, maxDrivingSeconds: driven.drivingSeconds },
      maxStops: count(route, 'stop'),
      maxDisposalVisits: count(route, 'disposal'),
      compartments: [{ streams: null, litres: loads.trip, kg: loads.trip / 4 }],
      maxDayLitres: loads.day,
    };
  });
  const stops = problem.stops.map((one): Stop => {
    const start = starts.get(one.id) ?? 0;
    return { ...one, windows: [[start, start]] };
  });
  return { ...problem, vehicles, stops };
}

/** Litres of the fullest trip and of the day, added up apart from the checker's own book. */
function loadsOf(stops: readonly Stop[], { visits }: Route): { trip: number; day: number } {
  let [aboard, trip, day] = [0, 0, 0];
  for (const { kind, id } of visits) {
    if (kind === 'disposal') aboard = 0;
    const litres = kind === 'stop' ? (stops.find((one) => one.id === id)?.amounts.litres ?? 0) : 0;
    aboard += litres;
    day += litres;
    trip = Math.max(trip, aboard);
  }
  return { trip, day };
}

function count({ visits }: Route, kind: Visit['kind']): number {
  return visits.filter((visit) => visit.kind === kind).length;
}

/** Kinds of violation, each once, in the order of the alphabet. */
function kindsOf({ problem, plan }: Day): ViolationKind[] {
  const kinds = new Set(checkPlan(problem, plan).violations.map(({ kind }) => kind));
  return [...kinds].toSorted((a, b) => (a < b ? -1 : 1));
}

function withVehicle({ problem, plan }: Day, change: (one: Vehicle) => Partial<Vehicle>): Day {
  const vehicles = problem.vehicles.map((one, index) =>
    index === 0 ? { ...one, ...change(one) } : one,
  );
  return { problem: { ...problem, vehicles }, plan };
}

function withVisits({ problem, plan }: Day, change: (visits: Visit[]) => Visit[]): Day {
  const routes = plan.routes.map((route, index) =>
    index === 0 ? { ...route, visits: change([...route.visits]) } : route,
  );
  return { problem, plan: { routes } };
}

const LESS = (value = 0): number => value - 1;

/** One unit less of each limit. */
const TIGHTER: readonly (readonly [ViolationKind, (one: Vehicle) => Partial<Vehicle>])[] = [
  ['too-long-shift', ({ shift }) => ({ shift: [shift[0], LESS(shift[1])] })],
  ['too-far', ({ maxMetres }) => ({ maxMetres: LESS(maxMetres) })],
  ['too-much-driving', ({ maxDrivingSeconds }) => ({ maxDrivingSeconds: LESS(maxDrivingSeconds) })],
  ['too-many-stops', ({ maxStops }) => ({ maxStops: LESS(maxStops) })],
  [
    'too-many-disposals',
    ({ maxDisposalVisits }) => ({ maxDisposalVisits: LESS(maxDisposalVisits) }),
  ],
  ['too-much-in-a-day', ({ maxDayLitres }) => ({ maxDayLitres: LESS(maxDayLitres) })],
  ['overloaded', (one) => ({ compartments: lessRoom(one, 1, 0) })],
  ['overloaded', (one) => ({ compartments: lessRoom(one, 0, 1) })],
];

function lessRoom({ compartments }: Vehicle, litres: number, kg: number): Vehicle['compartments'] {
  return compartments.map((one) => ({ ...one, litres: one.litres - litres, kg: one.kg - kg }));
}

describe('a plan that keeps every limit to the unit', () => {
  test('is feasible', () => {
    fc.assert(
      fc.property(TIGHT_DAYS, (day) => {
        expect(checkPlan(day.problem, day.plan).violations).toEqual([]);
      }),
    );
  });

  test.each(TIGHTER)('is found to break %s when that is one unit less', (kind, change) => {
    fc.assert(
      fc.property(TIGHT_DAYS, (day) => {
        expect(kindsOf(withVehicle(day, change))).toEqual([kind]);
      }),
    );
  });

  test('is found late when a window closes a second earlier, at that stop', () => {
    fc.assert(
      fc.property(TIGHT_DAYS, fc.nat(), (day, pick) => {
        const { problem, plan } = day;
        const at = pick % problem.stops.length;
        const stops = problem.stops.map((one, index): Stop => {
          const [[from, until] = [0, 0]] = one.windows;
          return index === at ? { ...one, windows: [[from - 1, until - 1]] } : one;
        });
        expect(checkPlan({ ...problem, stops }, plan).violations).toMatchObject([
          { kind: 'late', stopId: stops[at]?.id, excess: 1, unit: 'seconds' },
        ]);
      }),
    );
  });

  test('is found wrong when any visit is taken out', () => {
    fc.assert(
      fc.property(TIGHT_DAYS, fc.nat(), (day, pick) => {
        const visits = day.plan.routes[0]?.visits ?? [];
        const at = pick % visits.length;
        const gone = visits[at];
        const mutant = withVisits(day, (all) => all.toSpliced(at, 1));
        const kinds = kindsOf(mutant);
        const [route] = mutant.plan.routes;
        const room = day.problem.vehicles[0]?.compartments[0]?.litres ?? 0;
        if (gone?.kind === 'stop') expect(kinds).toContain('not-served');
        else if (gone?.kind === 'break') expect(kinds).toContain('no-break');
        else if (at === visits.length - 1) expect(kinds).toContain('not-emptied');
        else if (route !== undefined && loadsOf(day.problem.stops, route).trip > room) {
          expect(kinds).toContain('overloaded');
        } else expect(kinds).toEqual([]);
      }),
    );
  });

  test('is found wrong when any visit is made twice', () => {
    fc.assert(
      fc.property(TIGHT_DAYS, fc.nat(), (day, pick) => {
        const visits = day.plan.routes[0]?.visits ?? [];
        const at = pick % visits.length;
        const twice = visits[at];
        if (twice === undefined) return;
        const kinds = kindsOf(withVisits(day, (all) => all.toSpliced(at, 0, twice)));
        const expected = {
          stop: 'served-twice',
          break: 'no-break',
          disposal: 'too-many-disposals',
        } as const;
        expect(kinds).toContain(expected[twice.kind]);
      }),
    );
  });

  test('is found wrong when two stops change places', () => {
    fc.assert(
      fc.property(TIGHT_DAYS, (day) => {
        const [first, second] = day.problem.stops;
        const swapped = withVisits(day, (all) =>
          all.map((visit): Visit => {
            if (visit.id === first?.id) return { kind: 'stop', id: second?.id ?? '' };
            return visit.id === second?.id ? { kind: 'stop', id: first?.id ?? '' } : visit;
          }),
        );
        // Service takes time, so the first one is late where the second one was.
        expect(kindsOf(swapped)).toContain('late');
      }),
    );
  });
});
