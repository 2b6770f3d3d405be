import { describe, expect, test } from 'vitest';
import { NO_WAY } from '../problem/matrix.ts';
import type { Plan } from '../problem/plan.ts';
import type { Problem, Vehicle } from '../problem/problem.ts';
import { lineProblem, site, stop, vehicle, visits } from '../testing/line-problem.ts';
import { checkPlan } from './check-plan.ts';
import { VIOLATION_KINDS } from './violation.ts';
import type { Violation } from './violation.ts';

/** A plan of routes such as `v1: a b [tip]`. */
function plan(...routes: readonly string[]): Plan {
  return {
    routes: routes.map((route) => {
      const [vehicleId = '', text = ''] = route.split(': ');
      return { vehicleId, visits: visits(text) };
    }),
  };
}

/** One vehicle with these limits, the stops a, b, c at 1, 2, 3 and the site `tip` at 4. */
function small(limits: Partial<Vehicle> = {}, parts: Partial<Problem> = {}): Problem {
  return lineProblem({
    vehicles: [vehicle(limits)],
    stops: [stop('a', 1), stop('b', 2), stop('c', 3)],
    disposalSites: [site('tip', 4)],
    ...parts,
  });
}

const LUNCH = { id: 'lunch', window: [0, 3600], seconds: 1800 } as const;

interface Case {
  readonly problem: Problem;
  /** Keeps every limit. */
  readonly good: Plan;
  readonly bad: Plan;
  readonly violation: Violation;
}

const CASES: readonly Case[] = [
  {
    problem: small(),
    good: plan('v1: a b c'),
    bad: plan('v1: a b c', 'v9: '),
    violation: { kind: 'unknown-vehicle', vehicleId: 'v9' },
  },
  {
    problem: small(),
    good: plan('v1: a b c'),
    bad: plan('v1: a b c', 'v1: '),
    violation: { kind: 'vehicle-twice', vehicleId: 'v1' },
  },
  {
    problem: small(),
    good: plan('v1: a b c'),
    bad: plan('v1: a b c z'),
    violation: { kind: 'unknown-stop', stopId: 'z', vehicleId: 'v1' },
  },
  {
    problem: small(),
    good: plan('v1: a b c'),
    bad: plan('v1: a b c [pit]'),
    violation: { kind: 'unknown-site', siteId: 'pit', vehicleId: 'v1' },
  },
  {
    problem: small(),
    good: plan('v1: a b c'),
    bad: plan('v1: a b c (nap)'),
    violation: { kind: 'unknown-break', breakId: 'nap', vehicleId: 'v1' },
  },
  {
    problem: small(),
    good: plan('v1: a b c'),
    bad: plan('v1: a b c b'),
    violation: { kind: 'served-twice', stopId: 'b', vehicleId: 'v1' },
  },
  {
    problem: small(),
    good: plan('v1: a b c'),
    bad: plan('v1: a c'),
    violation: { kind: 'not-served', stopId: 'b' },
  },
  {
    problem: withoutWay(small(), 3, 2),
    good: plan('v1: a b c'),
    bad: plan('v1: c b a'),
    violation: { kind: 'no-way', vehicleId: 'v1' },
  },
  {
    // The second window is gone by the time it is driven to: 60 s + 30 s + 120 s + 30 s + 60 s.
    problem: small({}, { stops: windowsOf([0, 60], [200, 290]) }),
    good: plan('v1: a b c'),
    bad: plan('v1: a c b'),
    violation: { kind: 'late', stopId: 'b', vehicleId: 'v1', excess: 10, unit: 'seconds' },
  },
  {
    problem: small({}, { disposalSites: [site('tip', 4, { windows: [[0, 300]] })] }),
    good: plan('v1: a [tip] c b'),
    bad: plan('v1: a b c [tip]'),
    violation: { kind: 'late', siteId: 'tip', vehicleId: 'v1', excess: 30, unit: 'seconds' },
  },
  {
    problem: small({ breaks: [{ ...LUNCH, window: [0, 200] }] }),
    good: plan('v1: a (lunch) b c'),
    bad: plan('v1: a b c (lunch)'),
    violation: { kind: 'late', breakId: 'lunch', vehicleId: 'v1', excess: 70, unit: 'seconds' },
  },
  {
    problem: small({ shift: [0, 450] }),
    good: plan('v1: a b c'),
    bad: plan('v1: b a c'),
    violation: { kind: 'too-long-shift', vehicleId: 'v1', excess: 120, unit: 'seconds' },
  },
  {
    problem: small({ compartments: [{ streams: null, litres: 200, kg: 1000 }] }),
    good: plan('v1: a b [tip] c'),
    bad: plan('v1: a b c [tip]'),
    violation: { kind: 'overloaded', stopId: 'c', vehicleId: 'v1', excess: 100, unit: 'litres' },
  },
  {
    problem: small({ compartments: [{ streams: null, litres: 1000, kg: 25 }] }),
    good: plan('v1: a b [tip] c'),
    bad: plan('v1: a b c [tip]'),
    violation: { kind: 'overloaded', stopId: 'c', vehicleId: 'v1', excess: 5, unit: 'kg' },
  },
  {
    problem: twoStreams(),
    good: plan('v1: a b', 'v2: c'),
    bad: plan('v1: a b c'),
    violation: { kind: 'wrong-stream', stopId: 'c', vehicleId: 'v1' },
  },
  {
    problem: small(
      {},
      {
        vehicles: [vehicle(), vehicle({ id: 'v2', skills: ['crane'] })],
        stops: [stop('a', 1), stop('b', 2, { skills: ['crane'] }), stop('c', 3)],
      },
    ),
    good: plan('v1: a c', 'v2: b'),
    bad: plan('v1: a b c'),
    violation: { kind: 'missing-skill', stopId: 'b', vehicleId: 'v1' },
  },
  {
    problem: small(
      {},
      {
        vehicles: [vehicle(), vehicle({ id: 'v2' })],
        stops: [stop('a', 1), stop('b', 2, { vehicleId: 'v2' }), stop('c', 3)],
      },
    ),
    good: plan('v1: a c', 'v2: b'),
    bad: plan('v1: a b c'),
    violation: { kind: 'wrong-vehicle', stopId: 'b', vehicleId: 'v1' },
  },
  {
    problem: small(
      {},
      { disposalSites: [site('tip', 4), site('private', 3, { vehicleIds: ['v2'] })] },
    ),
    good: plan('v1: a b c [tip]'),
    bad: plan('v1: a b c [private]'),
    violation: { kind: 'wrong-vehicle', siteId: 'private', vehicleId: 'v1' },
  },
  {
    problem: small({ firstStops: ['c', 'a'] }),
    good: plan('v1: c a b'),
    bad: plan('v1: c b a'),
    violation: { kind: 'first-stops', stopId: 'a', vehicleId: 'v1' },
  },
  {
    problem: small({ mustEndEmpty: true }),
    good: plan('v1: a b c [tip]'),
    bad: plan('v1: a [tip] b c'),
    violation: { kind: 'not-emptied', vehicleId: 'v1' },
  },
  {
    problem: small({}, { vehicles: [vehicle({ maxStops: 2 }), vehicle({ id: 'v2' })] }),
    good: plan('v1: a b', 'v2: c'),
    bad: plan('v1: a b c'),
    violation: { kind: 'too-many-stops', vehicleId: 'v1', excess: 1, unit: 'visits' },
  },
  {
    problem: small({ maxDisposalVisits: 1 }),
    good: plan('v1: a b c [tip]'),
    bad: plan('v1: a b [tip] c [tip]'),
    violation: { kind: 'too-many-disposals', vehicleId: 'v1', excess: 1, unit: 'visits' },
  },
  {
    problem: small({ maxDrivingSeconds: 360 }),
    good: plan('v1: a b c'),
    bad: plan('v1: b a c'),
    violation: { kind: 'too-much-driving', vehicleId: 'v1', excess: 120, unit: 'seconds' },
  },
  {
    problem: small({ maxMetres: 6000 }),
    good: plan('v1: c b a'),
    bad: plan('v1: b a c'),
    violation: { kind: 'too-far', vehicleId: 'v1', excess: 2000, unit: 'metres' },
  },
  {
    problem: small({}, { vehicles: [vehicle({ maxDayLitres: 250 }), vehicle({ id: 'v2' })] }),
    good: plan('v1: a b', 'v2: c'),
    bad: plan('v1: a [tip] b c [tip]'),
    violation: { kind: 'too-much-in-a-day', vehicleId: 'v1', excess: 50, unit: 'litres' },
  },
  {
    problem: small({ breaks: [LUNCH] }),
    good: plan('v1: a b c (lunch)'),
    bad: plan('v1: a b c'),
    violation: { kind: 'no-break', breakId: 'lunch', vehicleId: 'v1' },
  },
  {
    problem: small({ breaks: [LUNCH], maxDrivingBetweenBreaksSeconds: 240 }),
    good: plan('v1: a b c (lunch)'),
    bad: plan('v1: (lunch) a b c'),
    violation: { kind: 'too-long-without-break', vehicleId: 'v1', excess: 120, unit: 'seconds' },
  },
];

function windowsOf(...windows: readonly (readonly [number, number])[]): Problem['stops'] {
  return [stop('a', 1), stop('b', 2, { windows }), stop('c', 3)];
}

function withoutWay(problem: Problem, from: number, to: number): Problem {
  const matrix = problem.matrices.get('truck');
  if (matrix === undefined) throw new Error('The line has no matrix');
  const seconds = matrix.seconds.slice();
  seconds[from * matrix.size + to] = NO_WAY;
  return { ...problem, matrices: new Map([['truck', { ...matrix, seconds }]]) };
}

function twoStreams(): Problem {
  const room = (streams: string[] | null) => ({ streams, litres: 500, kg: 500 });
  return lineProblem({
    vehicles: [
      vehicle({ compartments: [room(['residual']), room(['paper'])] }),
      vehicle({ id: 'v2', compartments: [room(null)] }),
    ],
    stops: [stop('a', 1), stop('b', 2, { stream: 'paper' }), stop('c', 3, { stream: 'glass' })],
  });
}

describe('checkPlan', () => {
  test.each(CASES.map((one) => [one.violation.kind, one] as const))(
    'finds %s, and nothing else',
    (_, { problem, good, bad, violation }) => {
      expect(checkPlan(problem, good)).toMatchObject({ feasible: true, violations: [] });
      const { feasible, violations } = checkPlan(problem, bad);
      // A way that is not there takes forever, which breaks the shift, too.
      const told = violations.filter(
        ({ kind }) => violation.kind !== 'no-way' || kind !== 'too-long-shift',
      );
      expect(told).toEqual([violation]);
      expect(feasible).toBe(false);
    },
  );

  test('has a case for every kind of violation', () => {
    expect(new Set(CASES.map(({ violation }) => violation.kind))).toEqual(new Set(VIOLATION_KINDS));
  });

  test('adds up driving, vehicles and the prizes of what is left out', () => {
    const problem = small(
      { costs: { fixed: 50, perDrivingHour: 30, perKm: 2 } },
      { stops: [stop('a', 1), stop('b', 2, { prize: 7 }), stop('c', 3)] },
    );
    // 6 km, 360 s.
    expect(checkPlan(problem, plan('v1: a c'))).toEqual({
      ...{ feasible: true, violations: [], cost: 50 + 12 + 3 + 7, metres: 6000 },
      ...{ drivingSeconds: 360, vehiclesUsed: 1, stopsServed: 2, leftOut: ['b'] },
    });
  });

  test('leaves a vehicle without stops where it is', () => {
    expect(checkPlan(small({}, { stops: [] }), plan('v1: [tip]'))).toMatchObject({
      ...{ feasible: true, cost: 0, metres: 0, vehiclesUsed: 0 },
    });
  });

  test('wants a vehicle that has stops to serve first to leave the depot', () => {
    const problem = small({}, { vehicles: [vehicle(), vehicle({ id: 'v2', firstStops: ['a'] })] });
    expect(checkPlan(problem, plan('v1: a b c')).violations).toEqual([
      { kind: 'first-stops', vehicleId: 'v2', stopId: 'a' },
    ]);
  });

  test('lets a trip wait for the last release of its stops', () => {
    const late = { releaseSeconds: 1000, windows: [[0, 1100]] } as const;
    const problem = small({}, { stops: [stop('a', 1), stop('b', 2, late), stop('c', 3)] });
    // The first trip ends at 450, the second one goes at 1000: from 4 back to 2 in 120 s.
    expect(checkPlan(problem, plan('v1: a c [tip] b')).violations).toEqual([
      { kind: 'late', stopId: 'b', vehicleId: 'v1', excess: 20, unit: 'seconds' },
    ]);
    // All in one trip, which goes at 1000 from the depot: 60 s, 30 s, 60 s.
    expect(checkPlan(problem, plan('v1: a b c')).violations).toEqual([
      { kind: 'late', stopId: 'b', vehicleId: 'v1', excess: 50, unit: 'seconds' },
    ]);
  });

  test('divides travel times by the speed factor', () => {
    const { drivingSeconds, metres } = checkPlan(small({ speedFactor: 1.5 }), plan('v1: a b c'));
    expect({ drivingSeconds, metres }).toEqual({ drivingSeconds: 240, metres: 6000 });
  });

  test('lets a vehicle begin and end at its visits when it has no depot', () => {
    const { metres } = checkPlan(small({ start: null, end: null }), plan('v1: a b c'));
    expect(metres).toBe(2000);
  });

  test('empties only compartments all whose streams a site takes', () => {
    const one = (streams: string[]) => ({ streams, litres: 100, kg: 100 });
    const problem = lineProblem({
      vehicles: [
        vehicle({ mustEndEmpty: true, compartments: [one(['paper']), one(['glass', 'metal'])] }),
      ],
      stops: [stop('p', 1, { stream: 'paper' }), stop('g', 2, { stream: 'glass' })],
      disposalSites: [site('mill', 3, { streams: ['paper', 'glass'] }), site('all', 4)],
    });
    expect(checkPlan(problem, plan('v1: p g [mill] [all]')).feasible).toBe(true);
    expect(checkPlan(problem, plan('v1: p [mill]'))).toMatchObject({
      violations: [{ kind: 'not-served', stopId: 'g' }],
    });
    expect(checkPlan(problem, plan('v1: p g [mill]')).violations).toEqual([
      { kind: 'not-emptied', vehicleId: 'v1' },
    ]);
  });

  test('tells an overload once a trip, with the most it comes to', () => {
    const problem = small({ compartments: [{ streams: null, litres: 50, kg: 1000 }] });
    expect(checkPlan(problem, plan('v1: a b [tip] c')).violations).toEqual([
      { kind: 'overloaded', stopId: 'a', vehicleId: 'v1', excess: 150, unit: 'litres' },
      { kind: 'overloaded', stopId: 'c', vehicleId: 'v1', excess: 50, unit: 'litres' },
    ]);
  });

  test('does not hold rounding of fractions against a vehicle', () => {
    const tenth = { amounts: { litres: 0.1, kg: 0 } };
    const problem = small(
      { compartments: [{ streams: null, litres: 0.3, kg: 0 }], maxDayLitres: 0.3 },
      { stops: [stop('a', 1, tenth), stop('b', 2, tenth), stop('c', 3, tenth)] },
    );
    expect(checkPlan(problem, plan('v1: a b c')).feasible).toBe(true);
  });
});
