import { readFileSync } from 'node:fs';
import { checkPlan } from '../../planner/check/check-plan.ts';
import { readProblem } from '../../planner/formats/read-problem.ts';
import { solve } from '../../planner/solve.ts';

// One search in a process of its own, so that its memory can be told: node measure-instance.ts FILE SECONDS SEED
// Prints what came of it as JSON. Time is CPU time of the search's thread.

const [file = '', seconds = '10', seed = '1'] = process.argv.slice(2);
const problem = readProblem(readFileSync(file, 'utf8'));
const before = process.memoryUsage.rss();
const cpuSeconds = Number(seconds);
const { plan, iterations, elapsedSeconds, cost } = await solve(problem, {
  seed: Number(seed),
  cpuSeconds,
});
const certificate = checkPlan(problem, plan);
const { perMetre } = problem.units;
process.stdout.write(
  JSON.stringify({
    cost: certificate.cost / perMetre,
    metres: certificate.metres / perMetre,
    vehicles: certificate.vehiclesUsed,
    feasible: certificate.feasible && certificate.cost === cost,
    stepsPerSecond: iterations / cpuSeconds,
    elapsedSeconds,
    // A thread's memory is the process's: what came on top of the problem that had been read.
    workerMebibytes: process.resourceUsage().maxRSS / 1024 - before / 2 ** 20,
  }),
);
