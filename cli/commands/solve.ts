import type { Command } from 'commander';
import { checkPlan } from '../../planner/check/check-plan.ts';
import { explainAlone } from '../../planner/explain/explain-alone.ts';
import { explainPlan } from '../../planner/explain/explain-plan.ts';
import type { Problem } from '../../planner/problem/problem.ts';
import { solveApart } from '../../planner/solve-apart.ts';
import type { Solution } from '../../planner/solve.ts';
import { wholeArgument } from '../arguments.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { print, printJson } from '../print.ts';
import { addExportOptions, exportOrder } from '../planning/export-options.ts';
import type { ExportOptions } from '../planning/export-options.ts';
import { writeExport } from '../planning/write-export.ts';
import {
  describeSolution,
  explanationToText,
  solutionToText,
} from '../planning/describe-solution.ts';
import { readProblemFile } from '../planning/read-problem-file.ts';
import { SearchProgress } from '../planning/search-progress.ts';
import { awaitStopRequest, endAtNextSignal } from '../stop-request.ts';

const DEFAULT_SECONDS = 10;
const MOST_SECONDS = 86_400;
const MOST_ITERATIONS = 1_000_000_000;
const MOST_THREADS = 64;
/** Stops told one by one before the search. */
const MOST_WARNINGS = 10;

interface SolveOptions extends ExportOptions {
  readonly seconds?: number;
  readonly iterations?: number;
  readonly seed: number;
  readonly threads: number;
  readonly json?: true;
}

export function addSolveCommand(program: Command): void {
  const command = program
    .command('solve')
    .description(
      'plan the rounds of a file: Tunna JSON, VROOM JSON, VRPLIB, Solomon or Kim; needs no database',
    )
    .argument('<file>', 'the file, or - for standard input')
    .option(
      '--seconds <s>',
      `how long to search; ${DEFAULT_SECONDS} when left out`,
      wholeArgument(1, MOST_SECONDS),
    )
    .option(
      '--iterations <n>',
      'or how many steps: the same seed gives the same plan',
      wholeArgument(1, MOST_ITERATIONS),
    )
    .option('--seed <n>', 'another number, another search', wholeArgument(0, 2 ** 31), 1)
    .option(
      '--threads <t>',
      'searches side by side; the best plan counts',
      wholeArgument(1, MOST_THREADS),
      1,
    )
    .option('--json', 'the plan as JSON');
  addExportOptions(command).action(runSolve);
}

/** Ends with 0 when the plan keeps every limit, with 1 when it does not, and with 2 when there is nothing to plan. */
async function runSolve(file: string, options: SolveOptions): Promise<void> {
  if (options.seconds !== undefined && options.iterations !== undefined) {
    throw new Refusal(EXIT.usage, 'say --seconds or --iterations, not both');
  }
  const order = exportOrder(options);
  const problem = readProblemFile(file);
  warn(problem);
  const solution = await search(problem, options);
  const certificate = checkPlan(problem, solution.plan);
  const explained = explainPlan(problem, solution.plan);
  const description = describeSolution(problem, solution, certificate, explained);
  if (options.json === true) printJson(description);
  else print(solutionToText(description));
  if (order !== undefined) await writeExport(problem, solution.plan, order, Date.now());
  if (!certificate.feasible)
    throw new Refusal(EXIT.failure, 'no plan was found that keeps every limit');
}

/** Says before the search what is read otherwise than written, and what no search can serve. */
function warn(problem: Problem): void {
  const impossible = explainAlone(problem).filter(({ must }) => must);
  const lines = [
    ...(problem.notes ?? []),
    ...impossible.slice(0, MOST_WARNINGS).map(explanationToText),
    ...(impossible.length > MOST_WARNINGS
      ? [`and ${impossible.length - MOST_WARNINGS} more stops that no vehicle can serve`]
      : []),
  ];
  for (const line of lines) process.stderr.write(`tunna: ${line}\n`);
}

/** Searches until the limit, or until Ctrl-C, which takes the best plan so far. A second Ctrl-C ends all. */
async function search(problem: Problem, options: SolveOptions): Promise<Solution> {
  const { seed, threads, seconds = DEFAULT_SECONDS, iterations } = options;
  const limit = iterations === undefined ? { seconds } : { iterations };
  const progress = new SearchProgress(process.stderr, problem);
  const controller = new AbortController();
  void awaitStopRequest().then(() => {
    controller.abort();
    endAtNextSignal((code) => process.exit(code));
  });
  try {
    return await solveApart(problem, {
      ...{ ...limit, seed, threads, signal: controller.signal },
      onImproved: (news) => progress.tell(news),
    });
  } finally {
    progress.clear();
  }
}
