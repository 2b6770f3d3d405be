import type { Plan } from '../../planner/problem/plan.ts';
import type { Problem } from '../../planner/problem/problem.ts';

interface SearchModule {
  readonly Search: new (
    problem: Problem,
    options: { readonly seed: number },
  ) => { readonly bestPlan: Plan; run(steps: number, progress: number): boolean };
}

/** As many as `planner/solver/worker.ts` goes at a time, so that the plans are the same. */
const STEPS = 200;

/**
 * Loads the solver's search into this thread, for days by the hundred: a thread for each of them, as `solve` has it, would
 * spend more time on beginning than on planning. The plans are those of `solve`.
 */
export async function loadPlanner(
  iterations: number,
): Promise<(problem: Problem, seed: number) => Plan> {
  // Loaded by address, as `solve` loads it: the solver is compiled by rules of its own.
  const address = new URL('../../planner/solver/search.ts', import.meta.url).href;
  // Safe: a test compares the plans with those of `solve`.
  const { Search } = (await import(address)) as SearchModule;
  return (problem, seed) => {
    const search = new Search(problem, { seed });
    for (let done = 0; done < iterations; done += STEPS) {
      search.run(Math.min(STEPS, iterations - done), done / iterations);
    }
    return search.bestPlan;
  };
}
