import { describe, expect, test } from 'vitest';
import { checkPlan } from './check/check-plan.ts';
import { shareMatrices } from './problem/share.ts';
import { solveApart } from './solve-apart.ts';
import { solve } from './solve.ts';
import type { Solution } from './solve.ts';
import { program, SEARCH_PROBLEM as problem } from './testing/search-problem.ts';

/** Processes take their time to start on a busy machine. */
const PATIENCE = { timeout: 120_000 };

describe('solveApart', PATIENCE, () => {
  test('finds what a search in this process finds', async () => {
    const order = { seed: 1, iterations: 200 };
    const [here, apart, shared] = await Promise.all([
      solve(problem, order),
      solveApart(problem, order),
      solveApart(shareMatrices(problem), order),
    ]);
    expect(apart.plan).toEqual(here.plan);
    expect(shared.plan).toEqual(here.plan);
  });

  test('tells better plans while it searches, and ends with the best when it is cancelled', async () => {
    const stop = new AbortController();
    const told: Solution[] = [];
    const { plan, cost } = await solveApart(problem, {
      ...{ seed: 1, seconds: 3600, signal: stop.signal },
      onImproved: (solution) => {
        told.push(solution);
        if (told.length === 2) stop.abort();
      },
    });
    expect(told.length).toBeGreaterThanOrEqual(2);
    expect(told.at(-1)?.cost).toBe(cost);
    expect(checkPlan(problem, plan)).toMatchObject({ feasible: true, cost });
  });

  test('tells a first plan at once when it was cancelled before it began', async () => {
    const signal = AbortSignal.abort();
    const { plan } = await solveApart(problem, { seed: 1, seconds: 3600, signal });
    expect(checkPlan(problem, plan).feasible).toBe(true);
  });

  test('says what is wrong with a problem', async () => {
    const nobody = { ...problem, vehicles: [] };
    await expect(solveApart(nobody, { seed: 1, iterations: 1 })).rejects.toThrow(
      'The search failed: The problem has no vehicle',
    );
  });

  test('fails alone when the process breaks down', async () => {
    const worker = program('process.kill(process.pid, "SIGKILL"); for (;;);');
    const order = { seed: 1, iterations: 1, worker };
    await expect(solveApart(problem, order)).rejects.toThrow(
      'The search ended without a plan (SIGKILL)',
    );
  });

  test('fails alone when it takes memory that no heap limit bounds', async () => {
    const worker = program('const all = []; for (;;) all.push(new Uint8Array(1 << 20).fill(1));');
    const order = { seed: 1, iterations: 1, worker, maxProcessMegabytes: 512 };
    await expect(solveApart(problem, order)).rejects.toThrow('more than 512 MB of memory');
    await expect(solveApart(problem, { seed: 1, iterations: 1 })).resolves.toBeDefined();
  });

  test('stops a search that never ends', async () => {
    const worker = program('for (;;);');
    const order = { seed: 1, seconds: 0.1, graceSeconds: 0.1, worker };
    await expect(solveApart(problem, order)).rejects.toThrow('did not end within 0.2 seconds');
  });
});
