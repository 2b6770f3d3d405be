import { describe, expect, test } from 'vitest';
import { NO_WAY } from '../problem/matrix.ts';
import type { Problem, Stop, Vehicle } from '../problem/problem.ts';
import { lineProblem, site, stop, vehicle, visits } from '../testing/line-problem.ts';
import { explainAlone } from './explain-alone.ts';
import { explainPlan } from './explain-plan.ts';

/** The stop `x` at place 5 and a vehicle of the depot; 300 s there, 30 s of service, 300 s back. */
function one(
  truck: Partial<Vehicle>,
  bin: Partial<Stop> = {},
  more: Partial<Problem> = {},
): Problem {
  return lineProblem({ vehicles: [vehicle(truck)], stops: [stop('x', 5, bin)], ...more });
}

const room = (litres: number, kg: number) => [{ streams: ['residual'], litres, kg }];

describe('a stop that no vehicle could serve', () => {
  test.each<readonly [string, Problem, string, string]>([
    [
      'its window',
      one({}, { windows: [[0, 200]] }),
      'vehicle v1: 100 s too late for its window',
      'its window open 100 s longer',
    ],
    [
      'the shift',
      one({ shift: [0, 500] }),
      'vehicle v1: the shift would be 3 min too long',
      'a shift 3 min longer',
    ],
    [
      'the volume',
      one({ compartments: room(60, 1000) }),
      'vehicle v1: 40 litres too much for the vehicle',
      '40 litres more room, or an unloading before',
    ],
    [
      'the payload',
      one({ compartments: room(1000, 4.5) }),
      'vehicle v1: 5.5 kg too much for the vehicle',
      '5.5 kg more room, or an unloading before',
    ],
    [
      'the stream',
      one({ compartments: room(1000, 1000) }, { stream: 'glass' }),
      'vehicle v1: no compartment takes its stream',
      'a compartment for its stream',
    ],
    [
      'a skill',
      one({}, { skills: ['crane'] }),
      'vehicle v1: the vehicle lacks a skill',
      'a vehicle with the skill',
    ],
    [
      'unloading',
      one(
        { mustEndEmpty: true, compartments: room(1000, 1000) },
        {},
        { disposalSites: [site('mill', 6, { streams: ['paper'] })] },
      ),
      'vehicle v1: the vehicle could not unload before its end',
      'a disposal site for its streams',
    ],
    [
      'the hours of the disposal site',
      one({ mustEndEmpty: true }, {}, { disposalSites: [site('tip', 6, { windows: [[0, 300]] })] }),
      'vehicle v1: 90 s too late for disposal site tip',
      'site tip open 90 s longer',
    ],
    [
      'driving',
      one({ maxDrivingSeconds: 400 }),
      'vehicle v1: 4 min too much driving',
      'a limit of 4 min more driving',
    ],
    [
      'distance',
      one({ maxMetres: 8000 }),
      'vehicle v1: 2 km too far for the vehicle',
      'a limit of 2 km more',
    ],
    [
      'the capacity of a day',
      one({ maxDayLitres: 90 }),
      "vehicle v1: 10 litres too much for the vehicle's day",
      'a limit of 10 litres more a day',
    ],
    [
      'a break',
      one({ breaks: [{ id: 'lunch', window: [0, 9000], seconds: 600 }], shift: [0, 1000] }),
      'vehicle v1: the shift would be 4 min too long',
      'a shift 4 min longer',
    ],
    [
      'driving without a break',
      one({ maxDrivingBetweenBreaksSeconds: 450 }),
      'vehicle v1: 3 min too much driving without a break',
      'a break in time',
    ],
    ['the roads', withoutWays(one({})), 'vehicle v1: there is no way; there is no way', ''],
  ])('is explained by %s', (_, problem, reason, fix) => {
    const [explanation, ...others] = explainAlone(problem);
    expect(others).toEqual([]);
    expect(explanation).toMatchObject({ stopId: 'x', must: true, when: 'alone' });
    expect(explanation?.obstacles[0]?.reason).toContain(reason);
    if (fix !== '') expect(explanation?.obstacles[0]?.fix).toBe(fix);
  });

  test('is explained by each way to serve it, the nearest first', () => {
    const problem = lineProblem({
      vehicles: [
        vehicle({ id: 'far', shift: [0, 100] }),
        vehicle({ id: 'near', shift: [0, 620] }),
        vehicle({ id: 'small', compartments: room(1, 1), shift: [0, 100] }),
      ],
      stops: [stop('x', 5), stop('fine', 0)],
    });
    expect(explainAlone(problem)).toMatchObject([
      { stopId: 'x', obstacles: [{ vehicleId: 'near' }, { vehicleId: 'small' }] },
    ]);
  });

  test('is told also when it may be left out', () => {
    expect(explainAlone(one({}, { prize: 5, skills: ['crane'] }))).toMatchObject([
      { stopId: 'x', must: false },
    ]);
  });

  test('may be one that is locked to a vehicle which cannot', () => {
    const problem = lineProblem({
      vehicles: [vehicle({ id: 'v1', shift: [0, 100] }), vehicle({ id: 'v2' })],
      stops: [stop('x', 5, { vehicleId: 'v1' })],
    });
    expect(explainAlone(problem)).toMatchObject([{ obstacles: [{ vehicleId: 'v1' }] }]);
  });
});

describe('a stop that some vehicle could serve', () => {
  test('is not explained before a plan is there', () => {
    const lunch = { id: 'lunch', window: [200, 320], seconds: 600 } as const;
    const tip = site('tip', 6);
    expect(
      explainAlone(one({ breaks: [lunch], mustEndEmpty: true }, {}, { disposalSites: [tip] })),
    ).toEqual([]);
    expect(explainAlone(one({ firstStops: ['x'] }))).toEqual([]);
  });

  test('is explained by the one limit that is in the way where it would fit best', () => {
    const problem = lineProblem({
      vehicles: [vehicle({ compartments: room(250, 1000) })],
      stops: [stop('a', 1), stop('b', 2), stop('x', 3)],
    });
    const plan = { routes: [{ vehicleId: 'v1', visits: visits('a b') }] };
    expect(explainPlan(problem, plan)).toEqual({
      explanations: [
        {
          ...{ stopId: 'x', must: true, when: 'with-others' },
          obstacles: [
            {
              vehicleId: 'v1',
              violations: [
                { kind: 'overloaded', vehicleId: 'v1', stopId: 'b', excess: 50, unit: 'litres' },
              ],
              reason: 'vehicle v1: 50 litres too much for the vehicle',
              fix: '50 litres more room, or an unloading before',
            },
            {
              ...{ vehicleId: 'v1', violations: [] },
              reason: 'every vehicle that could serve it is out',
              fix: 'one more vehicle like v1',
            },
          ],
        },
      ],
      notExplained: [],
    });
  });

  test('names the stop whose window it would spoil', () => {
    const problem = lineProblem({
      vehicles: [vehicle()],
      stops: [stop('a', 2, { windows: [[0, 120]] }), stop('x', 1, { windows: [[0, 100]] })],
    });
    const plan = { routes: [{ vehicleId: 'v1', visits: visits('a') }] };
    const [explanation] = explainPlan(problem, plan).explanations;
    expect(explanation?.obstacles[0]?.reason).toBe(
      'vehicle v1: 30 s too late for the window of stop a',
    );
  });

  test('may only need a longer search', () => {
    const problem = lineProblem({
      vehicles: [vehicle({ maxStops: 1 }), vehicle({ id: 'v2' })],
      stops: [stop('a', 1), stop('x', 2)],
    });
    const plan = { routes: [{ vehicleId: 'v1', visits: visits('a') }] };
    const [explanation] = explainPlan(problem, plan).explanations;
    expect(explanation?.obstacles.at(-1)).toMatchObject({
      vehicleId: 'v2',
      fix: 'a longer search',
    });
  });

  test('needs no reason when leaving it out is cheaper', () => {
    const problem = lineProblem({ vehicles: [vehicle()], stops: [stop('x', 2, { prize: 1 })] });
    expect(explainPlan(problem, { routes: [] })).toEqual({ explanations: [], notExplained: [] });
  });

  test('is counted at least, when there are very many', () => {
    const stops = Array.from({ length: 30 }, (_, index) => stop(`s${index}`, 2));
    const problem = lineProblem({ vehicles: [vehicle()], stops });
    const { explanations, notExplained } = explainPlan(problem, { routes: [] });
    expect([explanations.length, notExplained.length]).toEqual([20, 10]);
  });
});

function withoutWays(problem: Problem): Problem {
  const matrices = new Map(
    [...problem.matrices].map(([profile, matrix]) => [
      profile,
      { ...matrix, seconds: matrix.seconds.map((way) => (way === 0 ? 0 : NO_WAY)) },
    ]),
  );
  return { ...problem, matrices };
}
