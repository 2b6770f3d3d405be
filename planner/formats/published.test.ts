import { describe, expect, test } from 'vitest';
import { checkPlan } from '../check/check-plan.ts';
import type { Problem } from '../problem/problem.ts';
import { readSol } from '../testing/read-sol.ts';
import { readTestData } from '../testing/test-data.ts';
import { readProblem } from './read-problem.ts';

/** Instances with their best known solutions, as published with them. */
const SOLVED = [
  ['cvrp/X-n101-k25', 27_591],
  ['cvrp/X-n200-k36', 58_578],
  ['cvrp/X-n303-k21', 21_736],
  ['cvrp/X-n502-k39', 69_226],
  ['cvrp/X-n876-k59', 99_299],
  ['cvrp/Leuven1', 192_848],
  ['mtvrptw/R201R0.5', 14_426],
  ['pcvrptw/C1_10_1', 245_391],
] as const;

describe.each(SOLVED)('%s (SKIPPED without its files)', (name, published) => {
  const instance = readTestData(`vrp/${name}.vrp`);
  const solution = readTestData(`vrp/${name}.sol`);

  test.skipIf(instance === undefined || solution === undefined)(
    `has a best known solution that keeps every limit and costs ${published}`,
    () => {
      const { plan, cost } = readSol(solution ?? '');
      const certificate = checkPlan(readProblem(instance ?? ''), plan);
      expect(certificate).toMatchObject({ feasible: true, violations: [], cost: published });
      expect(cost).toBe(published);
    },
  );
});

interface Counts {
  readonly file: string;
  readonly stops: number;
  readonly sites: number;
  readonly load: number;
}

/** What each file has; the names of Kim's count the depot and the landfills, too. */
const COUNTS: readonly Counts[] = [
  { file: 'waste-kim/102_stop.txt', stops: 99, sites: 2, load: 897 },
  { file: 'waste-kim/335_stop.txt', stops: 330, sites: 4, load: 2011 },
  { file: 'waste-kim/804_stop.txt', stops: 784, sites: 19, load: 4620 },
  { file: 'waste-kim/1351_stop.txt', stops: 1347, sites: 3, load: 5445 },
  { file: 'waste-kim/2100_stop.txt', stops: 2092, sites: 7, load: 17_166 },
  { file: 'vrptw/C101.txt', stops: 100, sites: 0, load: 1810 },
  { file: 'vrptw/R1_2_1.txt', stops: 200, sites: 0, load: 3513 },
  { file: 'vrptw/RC1_4_5.txt', stops: 400, sites: 0, load: 7127 },
];

describe.each(COUNTS)('$file (SKIPPED without it)', ({ file, stops, sites, load }) => {
  const text = readTestData(`vrp/${file}`);

  test.skipIf(text === undefined)(
    `has ${stops} stops, ${sites} sites and a load of ${load}`,
    () => {
      const problem = readProblem(text ?? '');
      expect(problem.stops).toHaveLength(stops);
      expect(problem.disposalSites).toHaveLength(sites);
      expect(totalLoad(problem)).toBe(load);
    },
  );
});

test.skipIf(readTestData('vrp/waste-kim/102_stop.txt') === undefined)(
  "the way that Kim's page works out, from 0 to 1 of 102_stop, is 15,387 ft or 262.3 s",
  () => {
    const { matrices, units } = readProblem(readTestData('vrp/waste-kim/102_stop.txt') ?? '');
    const matrix = matrices.get('truck');
    expect(matrix?.metres[1]).toBe(15_387);
    expect((matrix?.seconds[1] ?? 0) / units.perSecond).toBeCloseTo(262.3, 1);
  },
);

function totalLoad({ stops }: Problem): number {
  return stops.reduce((sum, { amounts }) => sum + amounts.litres, 0);
}
