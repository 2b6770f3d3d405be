import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import type { Matrix } from './problem/matrix.ts';
import type { Problem } from './problem/problem.ts';
import { watchMemory } from './process-memory.ts';
import type { ChildNews, ChildOrder } from './solve-messages.ts';
import type { Solution, SolveOptions } from './solve.ts';

export interface SolveApartOptions extends SolveOptions {
  /** Most memory of the process, all in all; above it, it is stopped. Only Linux tells. */
  readonly maxProcessMegabytes?: number;
}

const CHILD = new URL('./solve-child.ts', import.meta.url);
const MOST_MEGABYTES = 2048;
/** Behind whoever answers people and sensors, who have the same cores. */
const NICENESS = 10;

/**
 * Plans as `solve` does, in a process of its own at a low priority: where one search crashes, hangs or takes the memory, the
 * others and the server that asked go on.
 * @throws when the process ends without a plan, takes too much memory, or does not end in time.
 */
export async function solveApart(problem: Problem, options: SolveApartOptions): Promise<Solution> {
  const { signal, onImproved, worker, maxProcessMegabytes = MOST_MEGABYTES, ...rest } = options;
  const child = fork(CHILD, { serialization: 'advanced', execArgv: [] });
  lowerPriority(child);
  const result = Promise.withResolvers<Solution>();
  child.on('message', (message) => {
    // The one who sends is `solve-child.ts`, and sends nothing else.
    const news = message as ChildNews;
    if (news.kind === 'improved') onImproved?.(news.solution);
    else if (news.kind === 'result') result.resolve(news.solution);
    else result.reject(new Error(news.message));
  });
  child.once('error', (cause) => {
    result.reject(new Error(`The search could not start: ${cause.message}`, { cause }));
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', (code, end) => {
      result.reject(new Error(`The search ended without a plan (${end ?? `exit code ${code}`})`));
      resolve();
    });
  });
  using _watch = watchMemory(child.pid, maxProcessMegabytes, () => {
    result.reject(
      new Error(`The search took more than ${maxProcessMegabytes} MB of memory and was stopped`),
    );
  });
  const halt = (): void => void child.send('stop', ignore);
  send(child, {
    problem: withOwnMatrices(problem),
    options: { ...rest, ...(worker === undefined ? {} : { worker: worker.href }) },
  });
  if (signal?.aborted === true) halt();
  signal?.addEventListener('abort', halt);
  try {
    return await result.promise;
  } finally {
    signal?.removeEventListener('abort', halt);
    child.kill('SIGKILL');
    await ended;
  }
}

function send(child: ChildProcess, order: ChildOrder): void {
  child.send(order, ignore);
}

/** A process that cannot be told has ended, and that is heard of by its end. */
function ignore(): void {}

function lowerPriority({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, NICENESS);
  } catch {
    // It may have ended already; and without the right to, it runs as it is.
  }
}

/** Memory that threads share cannot be sent to another process. */
function withOwnMatrices(problem: Problem): Problem {
  const matrices = new Map<string, Matrix>();
  for (const [profile, { size, seconds, metres }] of problem.matrices) {
    matrices.set(profile, { size, seconds: own(seconds), metres: own(metres) });
  }
  return { ...problem, matrices };
}

function own(numbers: Int32Array): Int32Array {
  return numbers.buffer instanceof SharedArrayBuffer ? new Int32Array(numbers) : numbers;
}
