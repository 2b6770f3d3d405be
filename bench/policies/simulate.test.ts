import { describe, expect, test } from 'vitest';
import { fixedSchedule, threshold } from '../../planner/selection/simple-policies.ts';
import { prizes } from '../../planner/selection/prize-policy.ts';
import { solve } from '../../planner/solve.ts';
import type { Problem } from '../../planner/problem/problem.ts';
import { BinLedger } from './bin-ledger.ts';
import { loadPlanner } from './plan-day.ts';
import { simulate } from './simulate.ts';
import type { Outcome } from './simulate.ts';
import { townWorld } from './town-world.ts';
import { trueRates } from './world.ts';

const world = townWorld({ seed: 1, binCount: 40, days: 4 });
const planner = await loadPlanner(300);

function live(policy = prizes(), oracle = false): Outcome {
  return simulate({ world, policy, oracle, solve: planner });
}

describe('a simulation', () => {
  test('gives the same figures each time', () => {
    const outcome = live();
    expect(live()).toEqual(outcome);
    expect(outcome.km).toBeGreaterThan(0);
    expect(outcome.stops).toBeGreaterThan(0);
    expect(outcome.serviceLevel).toBeLessThanOrEqual(100);
  });

  test('plans each day as the solver does, and serves no bin twice', async () => {
    const problems: Problem[] = [];
    const plans: string[] = [];
    simulate({
      ...{ world, policy: prizes(), oracle: false },
      solve: (problem, seed) => {
        const plan = planner(problem, seed);
        if (problems.push(problem) === 1) plans.push(JSON.stringify(plan));
        const served = plan.routes.flatMap(({ visits }) =>
          visits.flatMap(({ kind, id }) => (kind === 'stop' ? [id] : [])),
        );
        expect(new Set(served).size).toBe(served.length);
        return plan;
      },
    });
    const [first] = problems;
    if (first === undefined) throw new Error('No day was planned');
    const solved = await solve(first, { seed: 1000 + world.warmUpDays, iterations: 300 });
    expect(JSON.stringify(solved.plan)).toBe(plans[0]);
  });

  test('without routes serves what the policy wants', () => {
    const all = simulate({ world, policy: threshold(0), oracle: false });
    expect(all).toMatchObject({ stops: 4 * 40, missedMusts: 0, km: 0 });
    const some = simulate({ world, policy: fixedSchedule(), oracle: false });
    expect(some.stops).toBeLessThan(all.stops);
    expect(some.fillAtEmptying).toBeGreaterThan(all.fillAtEmptying);
  });

  test('shows the oracle other levels than the sensors do', () => {
    expect(live(prizes(), true)).not.toEqual(live(prizes(), false));
  });
});

describe('the books of a world', () => {
  const one = {
    ...world,
    ...{ hours: 24, growth: new Float32Array(24).fill(10) },
    bins: world.bins.slice(0, 1).map((bin) => ({ ...bin, leftBehind: () => 0, report: () => 7 })),
  };

  test('count what came when the bin was full, to the part of an hour', () => {
    const ledger = new BinLedger(one);
    ledger.advance(12, [], true);
    expect(ledger.counts).toMatchObject({ thrownIn: 120, besides: 20, overflowBinHours: 2 });
    expect(ledger.readings[0]).toHaveLength(12);
  });

  test('empty a bin within the hour, and note what was found', () => {
    const ledger = new BinLedger(one);
    ledger.advance(12, [{ bin: 0, atHour: 10.5 }], true);
    expect(ledger.counts.overflowBinHours).toBeCloseTo(0.5, 9);
    expect(ledger.counts.fillAtEmptying).toEqual([100]);
    expect(ledger.levels[0]).toBeCloseTo(15, 9);
    expect(ledger.emptiedAtMs[0]).toEqual([one.startMs + 10.5 * 3_600_000]);
  });

  test('do not count the days before', () => {
    const ledger = new BinLedger(one);
    ledger.advance(12, [{ bin: 0, atHour: 11 }], false);
    expect(ledger.counts).toMatchObject({ thrownIn: 0, besides: 0, fillAtEmptying: [] });
  });
});

test('true rates are those of what comes', () => {
  const rates = trueRates(world);
  const [first] = rates;
  const ofFirst = world.growth.subarray(0, world.hours).reduce((sum, part) => sum + part, 0);
  expect(first?.percentPerDay).toBeCloseTo((ofFirst * 24) / world.hours, 6);
  expect(first?.hourShares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
  expect(first?.rateError).toBe(0);
});
