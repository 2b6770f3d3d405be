import { errorText } from '../domain/error-text.ts';
import { solve } from './solve.ts';
import type { ChildNews, ChildOrder } from './solve-messages.ts';

// The process in which `solveApart` searches: takes one order, tells each better plan, then the result, and ends.

const stop = new AbortController();
process.once('message', (order) => {
  process.on('message', () => stop.abort());
  // The one who sends is `solveApart`, and sends nothing else first.
  void answer(order as ChildOrder);
});
// Ctrl-C reaches all processes of a terminal; the one that asked says what is to be done.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
// Nobody is left who wants the plan.
process.once('disconnect', () => process.exit(0));

async function answer({ problem, options }: ChildOrder): Promise<void> {
  const { worker, ...rest } = options;
  try {
    const solution = await solve(problem, {
      ...rest,
      ...(worker === undefined ? {} : { worker: new URL(worker) }),
      signal: stop.signal,
      onImproved: (improved) => tell({ kind: 'improved', solution: improved }),
    });
    tell({ kind: 'result', solution });
  } catch (error) {
    tell({ kind: 'failed', message: errorText(error) });
  }
}

function tell(news: ChildNews): void {
  process.send?.(news);
}
