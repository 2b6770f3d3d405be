import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { errorText } from '../../domain/error-text.ts';
import { checkPlan } from '../../planner/check/check-plan.ts';
import { FormatError } from '../../planner/formats/format-error.ts';
import { readProblem } from '../../planner/formats/read-problem.ts';
import type { Problem } from '../../planner/problem/problem.ts';
import { solve } from '../../planner/solve.ts';
import { wholeArgument } from '../arguments.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { print, printJson } from '../print.ts';
import { addExportOptions, exportOrder } from '../planning/export-options.ts';
import type { ExportOptions } from '../planning/export-options.ts';
import { writeExport } from '../planning/write-export.ts';
import { describeSolution, solutionToText } from '../planning/describe-solution.ts';

const DEFAULT_SECONDS = 10;
const MOST_SECONDS = 86_400;
const MOST_ITERATIONS = 1_000_000_000;
const MOST_THREADS = 64;

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

/** Ends with 0 when the plan keeps every limit, and with 1 when it does not. */
async function runSolve(file: string, options: SolveOptions): Promise<void> {
  if (options.seconds !== undefined && options.iterations !== undefined) {
    throw new Refusal(EXIT.usage, 'say --seconds or --iterations, not both');
  }
  const order = exportOrder(options);
  const problem = read(file);
  const limit =
    options.iterations === undefined
      ? { seconds: options.seconds ?? DEFAULT_SECONDS }
      : { iterations: options.iterations };
  const { seed, threads } = options;
  const solution = await solve(problem, { ...limit, seed, threads });
  const certificate = checkPlan(problem, solution.plan);
  const description = describeSolution(problem, solution, certificate);
  if (options.json === true) printJson(description);
  else print(solutionToText(description));
  if (order !== undefined) await writeExport(problem, solution.plan, order, Date.now());
  if (!certificate.feasible)
    throw new Refusal(EXIT.failure, 'no plan was found that keeps every limit');
}

function read(file: string): Problem {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new Refusal(EXIT.failure, `${file}: ${errorText(error)}`);
  }
  try {
    return readProblem(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new Refusal(EXIT.failure, `${file}: ${error.message}`);
  }
}
