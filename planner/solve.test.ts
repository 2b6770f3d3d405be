import { describe, expect, test } from 'vitest';
import { checkPlan } from './check/check-plan.ts';
import { solve } from './solve.ts';
import type { Solution } from './solve.ts';
import { program, SEARCH_PROBLEM as problem } from './testing/search-problem.ts';

/** Threads take their time to start on a busy machine. */
const PATIENCE = { timeout: 120_000 };

describe('solve', PATIENCE, () => {
  test('finds the same plan with the same seed and iterations, however many threads it has', async () => {
    const one = await solve(problem, { seed: 1, iterations: 200 });
    const again = await solve(problem, { seed: 1, iterations: 200 });
    const [first, second] = await Promise.all(
      [1, 2].map(() => solve(problem, { seed: 1, iterations: 200, threads: 2 })),
    );
    expect(again.plan).toEqual(one.plan);
    expect(second?.plan).toEqual(first?.plan);
    expect(first?.cost).toBeLessThanOrEqual(one.cost);
    expect(one.iterations).toBe(200);
    expect(checkPlan(problem, one.plan)).toMatchObject({ feasible: true, cost: one.cost });
  });

  test('ends when its time is over', async () => {
    const { plan, elapsedSeconds } = await solve(problem, { seed: 1, seconds: 0.2 });
    expect(elapsedSeconds).toBeGreaterThanOrEqual(0.2);
    expect(checkPlan(problem, plan).feasible).toBe(true);
  });

  test('returns the best plan so far when it is cancelled', async () => {
    const stop = new AbortController();
    const told: Solution[] = [];
    const { plan, cost } = await solve(problem, {
      ...{ seed: 1, seconds: 3600, signal: stop.signal },
      onImproved: (solution) => {
        told.push(solution);
        if (told.length === 2) stop.abort();
      },
    });
    expect(checkPlan(problem, plan)).toMatchObject({ feasible: true, cost });
    expect(told.every((one, index) => index === 0 || one.cost < (told[index - 1]?.cost ?? 0))).toBe(
      true,
    );
    expect(told.at(-1)?.cost).toBe(cost);
  });

  test('tells a first plan at once when it was cancelled before it began', async () => {
    const signal = AbortSignal.abort();
    const { iterations, plan } = await solve(problem, { seed: 1, seconds: 3600, signal });
    expect(iterations).toBe(0);
    expect(checkPlan(problem, plan).feasible).toBe(true);
  });

  test('asks for a limit', async () => {
    await expect(solve(problem, { seed: 1 })).rejects.toThrow('needs a limit');
  });

  test('says what went wrong in a thread', async () => {
    const nobody = { ...problem, vehicles: [] };
    await expect(solve(nobody, { seed: 1, iterations: 1 })).rejects.toThrow(
      'The search failed: The problem has no vehicle',
    );
  });

  test('says that a thread ended without a plan', async () => {
    const worker = program('process.exit(3)');
    await expect(solve(problem, { seed: 1, iterations: 1, worker })).rejects.toThrow(
      'The search ended without a plan (exit code 3)',
    );
  });

  test('fails alone when a thread takes too much memory', async () => {
    const worker = program('let all; for (;;) all = { all };');
    const order = { seed: 1, iterations: 1, worker, maxMegabytes: 64 };
    await expect(solve(problem, order)).rejects.toThrow(/The search failed: .*memory/);
    await expect(solve(problem, { seed: 1, iterations: 1 })).resolves.toBeDefined();
  });

  test('stops a thread that never ends', async () => {
    const worker = program('for (;;);');
    const order = { seed: 1, seconds: 0.1, graceSeconds: 0.1, worker };
    await expect(solve(problem, order)).rejects.toThrow('did not end within 0.2 seconds');
  });
});
