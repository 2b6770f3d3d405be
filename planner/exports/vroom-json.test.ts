import { expect, test } from 'vitest';
import { z } from 'zod';
import { makeRunSheet } from './make-run-sheet.ts';
import { SAMPLE_FACTS, SAMPLE_PLAN, SAMPLE_PROBLEM, sampleSheet } from './testing/sample-sheet.ts';
import { toVroomJson } from './vroom-json.ts';

const Whole = z.int().min(0);
const Amount = z.array(Whole);
const Violations = z.array(z.strictObject({ cause: z.string(), duration: Whole.optional() }));
const Place = {
  location: z.tuple([z.number(), z.number()]).optional(),
  location_index: Whole.optional(),
};
const Sums = {
  ...{ cost: Whole, setup: Whole, service: Whole, duration: Whole, waiting_time: Whole },
  ...{ priority: Whole, delivery: Amount, pickup: Amount, distance: Whole, violations: Violations },
};

/** The keys of docs/API.md, Output, and no others. */
const Solution = z.strictObject({
  code: z.literal(0),
  summary: z.strictObject({ ...Sums, routes: Whole, unassigned: Whole }),
  unassigned: z.array(
    z.strictObject({ id: Whole, type: z.literal('job'), description: z.string(), ...Place }),
  ),
  routes: z.array(
    z.strictObject({
      ...Sums,
      vehicle: Whole,
      description: z.string(),
      steps: z.array(
        z.strictObject({
          ...Place,
          type: z.enum(['start', 'job', 'break', 'end']),
          id: Whole.optional(),
          description: z.string().optional(),
          ...{ arrival: Whole, duration: Whole, setup: Whole, service: Whole },
          ...{ waiting_time: Whole, load: Amount, distance: Whole, violations: Violations },
        }),
      ),
    }),
  ),
});

test('the solution has the shape of VROOM, with a step for every visit', () => {
  const { routes, summary, unassigned } = Solution.parse(JSON.parse(toVroomJson(sampleSheet())));
  const [route] = routes;
  expect(
    route?.steps.map(({ type, id, description, arrival, load }) => [
      ...[type, id, description, arrival, load],
    ]),
  ).toEqual([
    ['start', undefined, undefined, 21_600, [0, 0]],
    ['job', 1, 'Storgatan 5', 21_900, [600, 50]],
    ['break', 1, undefined, 22_020, [600, 50]],
    ['job', 2, 'Järnagatan 12', 23_910, [1101, 90]],
    // Not one of the stops' numbers, which end with the stop left out.
    ['job', 4, 'disposal: Tveta återvinning', 25_920, [0, 0]],
    ['end', undefined, undefined, 27_400, [0, 0]],
  ]);
  expect(route?.steps[1]).toMatchObject({ location: [17.6253, 59.1955], location_index: 1 });
  expect(route?.steps.at(-1)).toMatchObject({ duration: 1930, distance: 19_300 });
  expect(summary).toMatchObject({
    ...{ routes: 1, unassigned: 1, cost: 293, duration: 1930, distance: 19_300 },
    ...{ service: 120 + 60 + 600 + 1800, waiting_time: 1290, violations: [] },
  });
  expect(unassigned.map(({ id }) => id)).toEqual([3]);
});

test('times add up: each arrival is the sum of driving, service and waiting before it', () => {
  const { routes } = Solution.parse(JSON.parse(toVroomJson(sampleSheet())));
  const steps = routes[0]?.steps ?? [];
  let done = steps[0]?.arrival ?? 0;
  for (const { arrival, duration, service, waiting_time: waiting } of steps) {
    expect(arrival).toBe(done + duration);
    done += service + waiting;
  }
});

test('names that are whole numbers stay the numbers they are', () => {
  const problem = {
    ...SAMPLE_PROBLEM,
    stops: SAMPLE_PROBLEM.stops.map((stop, index) => ({ ...stop, id: String(70 + index) })),
  };
  const visits = [{ kind: 'stop' as const, id: '71' }];
  const plan = { routes: [{ vehicleId: 'KLM 123', visits }] };
  const sheet = makeRunSheet(problem, plan, SAMPLE_FACTS);
  const { routes, unassigned } = Solution.parse(JSON.parse(toVroomJson(sheet)));
  expect(routes[0]?.steps[1]?.id).toBe(71);
  expect(unassigned.map(({ id }) => id)).toEqual([70, 72]);
});

test('limits that VROOM has a name for are told by that name', () => {
  const plan = {
    routes: SAMPLE_PLAN.routes.map((route) => ({ ...route, visits: route.visits.slice(0, 1) })),
  };
  const { routes } = Solution.parse(
    JSON.parse(toVroomJson(makeRunSheet(SAMPLE_PROBLEM, plan, SAMPLE_FACTS))),
  );
  expect(routes[0]?.violations).toEqual([{ cause: 'missing_break' }]);
});
