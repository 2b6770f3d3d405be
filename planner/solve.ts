import { Worker } from 'node:worker_threads';
import type { Plan } from './problem/plan.ts';
import type { Problem } from './problem/problem.ts';
import type { SearchNews, SearchOrder } from './solver/messages.ts';

export interface SolveOptions {
  /** The same seed and number of iterations give the same plan on any machine. */
  readonly seed: number;
  readonly seconds?: number;
  /** Steps of each thread. */
  readonly iterations?: number;
  /** Searches side by side, with seeds one after the other; the best plan of all counts. */
  readonly threads?: number;
  /** A plan to go on from. */
  readonly start?: Plan;
  readonly signal?: AbortSignal;
  readonly onImproved?: (solution: Solution) => void;
  /** Most memory of one thread. */
  readonly maxMegabytes?: number;
}

export interface Solution {
  readonly plan: Plan;
  readonly cost: number;
  readonly iterations: number;
  readonly elapsedSeconds: number;
}

/**
 * Plans, in threads of their own. When `signal` aborts, the best plan so far is the result.
 * @throws when a thread ends without one, for want of memory for example.
 */
export async function solve(problem: Problem, options: SolveOptions): Promise<Solution> {
  const { threads = 1, signal } = options;
  if (options.seconds === undefined && options.iterations === undefined) {
    throw new Error('A search needs a limit: seconds or iterations');
  }
  const stop = new SharedArrayBuffer(4);
  const halt = (): void => {
    Atomics.store(new Int32Array(stop), 0, 1);
  };
  if (signal?.aborted === true) halt();
  signal?.addEventListener('abort', halt);
  let best: Solution | undefined;
  const onNews = (news: Solution): void => {
    if (best !== undefined && news.cost >= best.cost) return;
    best = news;
    options.onImproved?.(news);
  };
  const seeds = Array.from({ length: threads }, (_, index) => options.seed + index);
  const workers: Worker[] = [];
  try {
    const results = await Promise.all(
      seeds.map((seed) => search({ problem, ...options, seed, stop }, options, workers, onNews)),
    );
    return results.reduce((one, other) => (other.cost < one.cost ? other : one));
  } finally {
    signal?.removeEventListener('abort', halt);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** One thread's search. Its last message is its result. */
function search(
  { problem, seed, seconds, iterations, start, stop }: SearchOrder,
  { maxMegabytes = 1024 }: SolveOptions,
  workers: Worker[],
  onNews: (news: Solution) => void,
): Promise<Solution> {
  const order: SearchOrder = {
    ...{ problem, seed, stop },
    ...(seconds === undefined ? {} : { seconds }),
    ...(iterations === undefined ? {} : { iterations }),
    ...(start === undefined ? {} : { start }),
  };
  const worker = new Worker(new URL('./solver/worker.ts', import.meta.url), {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: maxMegabytes },
  });
  workers.push(worker);
  return new Promise((resolve, reject) => {
    worker.on('message', ({ done, ...solution }: SearchNews) => {
      onNews(solution);
      if (done) resolve(solution);
    });
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`The search ended early (${code})`)));
  });
}
