import { describe, expect, test } from 'vitest';
import { checkPlan } from '../check/check-plan.ts';
import type { Plan } from '../problem/plan.ts';
import type { Problem } from '../problem/problem.ts';
import { cheapestByTrying } from '../testing/cheapest-by-trying.ts';
import { randomProblem } from '../testing/random-problem.ts';
import { randomWishes } from '../testing/random-wishes.ts';
import { Search } from './search.ts';

const SEEDS = Array.from({ length: 80 }, (_, index) => index + 1);

function search(problem: Problem, seed: number, steps = 400, start?: Plan): Search {
  const found = new Search(problem, { seed, ...(start === undefined ? {} : { start }) });
  for (let part = 0; part < 4; part += 1) found.run(steps / 4, part / 4);
  return found;
}

/** What is wrong with a plan, stops that could not be served left aside. */
function faultsOf(problem: Problem, plan: Plan): unknown[] {
  return checkPlan(problem, plan).violations.filter(({ kind }) => kind !== 'not-served');
}

/** Hundreds of searches, on a machine that may be busy. */
const PATIENCE = { timeout: 120_000 };

describe('Search', PATIENCE, () => {
  test('keeps every limit of problems of all kinds, and counts as the checker counts', () => {
    for (const seed of SEEDS) {
      const problem = randomProblem(seed, randomWishes(seed));
      const found = search(problem, seed);
      const { cost, violations } = checkPlan(problem, found.bestPlan);
      expect({ seed, faults: faultsOf(problem, found.bestPlan) }).toEqual({ seed, faults: [] });
      expect({ seed, ...found.bestCost }).toEqual({ seed, cost, unserved: violations.length });
    }
  });

  test('serves every stop where vehicles have room and time', () => {
    for (const seed of SEEDS.slice(0, 40)) {
      const wishes = { ...randomWishes(seed), roomy: true, noWays: false, vehicles: 4 };
      const problem = randomProblem(seed, { ...wishes, windows: false, locks: false });
      const found = search(problem, seed, 200);
      const { feasible, violations } = checkPlan(problem, found.bestPlan);
      expect({ seed, feasible, violations }).toEqual({ seed, feasible: true, violations: [] });
    }
  });

  test('finds the cheapest plan of small problems', () => {
    for (const seed of SEEDS.slice(0, 25)) {
      const wishes = {
        stops: 6,
        vehicles: 2,
        windows: true,
        asymmetric: true,
        prizes: seed % 2 === 0,
      };
      const problem = randomProblem(seed, { ...wishes, roomy: true });
      const { cost } = search(problem, seed, 1200).bestCost;
      expect({ seed, cost }).toEqual({ seed, cost: cheapestByTrying(problem) });
    }
  });

  test('finds the cheapest plan of small problems with disposal trips', () => {
    for (const seed of SEEDS.slice(0, 15)) {
      const wishes = {
        stops: 5,
        vehicles: 1,
        sites: 2,
        mustEndEmpty: true,
        windows: seed % 2 === 0,
      };
      const problem = tighten(randomProblem(seed, { ...wishes, roomy: true }), 200);
      const { cost, unserved } = search(problem, seed, 1200).bestCost;
      expect({ seed, cost, unserved }).toEqual({
        seed,
        cost: cheapestByTrying(problem),
        unserved: 0,
      });
    }
  });

  test('finds the same plan again with the same seed and steps, and another with another seed', () => {
    const problem = randomProblem(3, {
      stops: 60,
      vehicles: 8,
      sites: 3,
      windows: true,
      breaks: true,
    });
    const plan = search(problem, 1).bestPlan;
    expect(search(problem, 1).bestPlan).toEqual(plan);
    expect(search(problem, 2).bestPlan).not.toEqual(plan);
  });

  test('never makes a plan that is there already worse', () => {
    for (const seed of SEEDS.slice(0, 60)) {
      const problem = randomProblem(seed, randomWishes(seed));
      const first = search(problem, seed);
      const again = search(problem, seed + 1, 40, first.bestPlan);
      expect(again.bestCost.unserved).toBeLessThanOrEqual(first.bestCost.unserved);
      if (again.bestCost.unserved < first.bestCost.unserved) continue;
      expect({ seed, better: again.bestCost.cost - first.bestCost.cost < 0.01 }).toEqual({
        seed,
        better: true,
      });
    }
  });

  test('goes on from the plan it is given, step for none', () => {
    const problem = randomProblem(5, {
      stops: 40,
      vehicles: 5,
      sites: 2,
      breaks: true,
      windows: true,
    });
    const plan = search(problem, 5).bestPlan;
    expect(new Search(problem, { seed: 9, start: plan }).bestPlan).toEqual(plan);
  });

  test('leaves out of a given plan what it does not know or what does not fit', () => {
    const problem = randomProblem(5, { stops: 12, vehicles: 2 });
    const everything = problem.stops.map(({ id }) => ({ kind: 'stop', id }) as const);
    const start: Plan = {
      routes: [
        { vehicleId: 'v0', visits: [...everything, ...everything, { kind: 'stop', id: 'who?' }] },
        { vehicleId: 'nobody', visits: everything },
        { vehicleId: 'v1', visits: [{ kind: 'disposal', id: 'nowhere' }, ...everything] },
      ],
    };
    expect(faultsOf(problem, search(problem, 1, 100, start).bestPlan)).toEqual([]);
  });

  test('refuses a problem without vehicles', () => {
    const problem = { ...randomProblem(1, { stops: 3, vehicles: 1 }), vehicles: [] };
    expect(() => new Search(problem, { seed: 1 })).toThrow('The problem has no vehicle');
  });

  test('leaves a problem without stops at nothing', () => {
    const problem = { ...randomProblem(1, { stops: 3, vehicles: 1 }), stops: [] };
    const found = search(problem, 1);
    expect({ ...found.bestCost, ...found.bestPlan }).toEqual({ cost: 0, unserved: 0, routes: [] });
  });
});

/** The problem with so little room that it takes several trips. */
function tighten(problem: Problem, litres: number): Problem {
  const vehicles = problem.vehicles.map((vehicle) => ({
    ...vehicle,
    compartments: vehicle.compartments.map((compartment) => ({ ...compartment, litres })),
  }));
  return { ...problem, vehicles };
}
