import { Worker } from 'node:worker_threads';
import { errorText } from '../domain/error-text.ts';
import type { Plan } from './problem/plan.ts';
import type { Problem } from './problem/problem.ts';
import { shareMatrices } from './problem/share.ts';
import type { SearchNews, SearchOrder } from './solver/messages.ts';

export interface SolveOptions {
  /** The same seed and number of iterations give the same plan on any machine. */
  readonly seed: number;
  readonly seconds?: number;
  /** CPU time of each thread: for comparisons on a machine that is busy with other things. */
  readonly cpuSeconds?: number;
  /** Steps of each thread. */
  readonly iterations?: number;
  /** Searches side by side, with seeds one after the other; the best plan of all counts. */
  readonly threads?: number;
  /** A plan to go on from. */
  readonly start?: Plan;
  readonly signal?: AbortSignal;
  readonly onImproved?: (solution: Solution) => void;
  /** Most memory of one thread, its matrices left aside. */
  readonly maxMegabytes?: number;
  /** How long a thread may take to end after its time or after `signal`; then it is stopped. */
  readonly graceSeconds?: number;
  /** The program of a thread, for tests of what happens when one fails. */
  readonly worker?: URL;
}

export interface Solution {
  readonly plan: Plan;
  /** As the checker counts it. */
  readonly cost: number;
  /** Stops left out that must be served. */
  readonly unserved: number;
  readonly iterations: number;
  readonly elapsedSeconds: number;
}

const SEARCH = new URL('./solver/worker.ts', import.meta.url);
/** Reading a large problem takes seconds on a busy machine, and the clock is looked at only after that. */
const GRACE_SECONDS = 30;

/**
 * Plans, in threads of their own. When `signal` aborts, the best plan so far is the result.
 * @throws when a thread ends without one, for want of memory for example, or does not end in time.
 */
export async function solve(problem: Problem, options: SolveOptions): Promise<Solution> {
  const { seconds, cpuSeconds, iterations, start, seed, threads = 1, signal } = options;
  if (seconds === undefined && cpuSeconds === undefined && iterations === undefined) {
    throw new Error('A search needs a limit: seconds or iterations');
  }
  const stop = new SharedArrayBuffer(4);
  const order: Omit<SearchOrder, 'seed'> = {
    ...{ problem: shareMatrices(problem), stop },
    ...(seconds === undefined ? {} : { seconds }),
    ...(cpuSeconds === undefined ? {} : { cpuSeconds }),
    ...(iterations === undefined ? {} : { iterations }),
    ...(start === undefined ? {} : { start }),
  };
  const best = new BestSolution(options.onImproved);
  const searches = Array.from(
    { length: threads },
    (_, index) => new SearchThread({ ...order, seed: seed + index }, options, best),
  );
  const halt = (): void => {
    Atomics.store(new Int32Array(stop), 0, 1);
    for (const search of searches) search.endWithin(options.graceSeconds ?? GRACE_SECONDS);
  };
  if (signal?.aborted === true) halt();
  signal?.addEventListener('abort', halt);
  try {
    const results = await Promise.all(searches.map(({ result }) => result));
    return results.reduce((one, other) => (isBetter(other, one) ? other : one));
  } finally {
    signal?.removeEventListener('abort', halt);
    await Promise.all(searches.map((search) => search.end()));
  }
}

/** Serving what must be served comes before cost. */
function isBetter(one: Solution, other: Solution): boolean {
  if (one.unserved !== other.unserved) return one.unserved < other.unserved;
  return one.cost < other.cost;
}

/** Tells of each plan that is better than all before it, whichever thread found it. */
class BestSolution {
  readonly #onImproved: SolveOptions['onImproved'];
  #best: Solution | undefined;

  constructor(onImproved: SolveOptions['onImproved']) {
    this.#onImproved = onImproved;
  }

  offer(solution: Solution): void {
    if (this.#best !== undefined && !isBetter(solution, this.#best)) return;
    this.#best = solution;
    this.#onImproved?.(solution);
  }
}

/** One thread's search. Its last message is its result. */
class SearchThread {
  readonly result: Promise<Solution>;
  readonly #worker: Worker;
  #timer: NodeJS.Timeout | undefined;
  #fail: (error: Error) => void = () => {};

  constructor(order: SearchOrder, options: SolveOptions, best: BestSolution) {
    const { worker = SEARCH, maxMegabytes = 1024, graceSeconds = GRACE_SECONDS } = options;
    this.#worker = new Worker(worker, {
      workerData: order,
      resourceLimits: { maxOldGenerationSizeMb: maxMegabytes },
    });
    this.result = new Promise((resolve, reject) => {
      this.#fail = reject;
      this.#worker.on('message', ({ done, ...solution }: SearchNews) => {
        best.offer(solution);
        if (done) resolve(solution);
      });
      this.#worker.once('error', (cause) => {
        reject(new Error(`The search failed: ${errorText(cause)}`, { cause }));
      });
      this.#worker.once('exit', (code) => {
        reject(new Error(`The search ended without a plan (exit code ${code})`));
      });
    });
    if (order.seconds !== undefined) this.endWithin(order.seconds + graceSeconds);
  }

  /** From now on the search has so long to end by itself. */
  endWithin(seconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#fail(new Error(`The search did not end within ${seconds} seconds and was stopped`));
    }, seconds * 1000);
  }

  async end(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#worker.terminate();
  }
}
