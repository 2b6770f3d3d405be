import { parentPort, workerData } from 'node:worker_threads';
import type { SearchNews, SearchOrder } from './messages.ts';
import { Search } from './search.ts';

/** Steps between two looks at the clock and at the wish to stop: a few milliseconds. */
const STEPS = 200;
/** Better plans come in hundreds at first; so often one is told. */
const TELL_EVERY_MS = 100;

// Safe: only `solve` starts this worker, with an order.
run(workerData as SearchOrder);

/** CPU time of this thread since it began. */
function cpuSeconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
}

/** Searches until a limit is reached, and tells each better plan, at most ten a second. */
function run(order: SearchOrder): void {
  const began = performance.now();
  const stop = new Int32Array(order.stop);
  const search = new Search(order.problem, order);
  const elapsed = (): number => (performance.now() - began) / 1000;
  const tell = (done: boolean): void => {
    const news: SearchNews = {
      plan: search.bestPlan,
      ...search.bestCost,
      iterations: search.iterations,
      elapsedSeconds: elapsed(),
      done,
    };
    parentPort?.postMessage(news);
  };
  tell(false);
  let toldAt = performance.now();
  let untold = false;
  const most = order.iterations ?? Infinity;
  for (;;) {
    const byTime = elapsed() / (order.seconds ?? Infinity);
    const byCpu = order.cpuSeconds === undefined ? 0 : cpuSeconds() / order.cpuSeconds;
    const progress = Math.max(byTime, byCpu, search.iterations / most);
    if (progress >= 1 || Atomics.load(stop, 0) === 1) break;
    const better = search.run(Math.min(STEPS, most - search.iterations), progress);
    untold ||= better;
    if (untold && performance.now() - toldAt >= TELL_EVERY_MS) {
      tell(false);
      toldAt = performance.now();
      untold = false;
    }
  }
  tell(true);
}
