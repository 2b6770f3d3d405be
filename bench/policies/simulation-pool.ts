import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Assignment } from './assignment.ts';
import type { Outcome } from './simulate.ts';

/** Threads that run simulations, each one at a time. */
export class SimulationPool implements AsyncDisposable {
  readonly #workers: Worker[];

  constructor(threads: number) {
    const address = new URL('./simulation-worker.ts', import.meta.url);
    this.#workers = Array.from({ length: threads }, () => new Worker(address));
  }

  /** Outcomes in the order of the assignments. */
  async run(assignments: readonly Assignment[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    // All threads take from the same list.
    const waiting = assignments.entries();
    const take = async (worker: Worker): Promise<void> => {
      for (const [index, assignment] of waiting) {
        worker.postMessage(assignment);
        // Rejects when the worker fails. Safe: it answers with an outcome.
        const [outcome] = (await once(worker, 'message')) as [Outcome];
        outcomes[index] = outcome;
      }
    };
    await Promise.all(this.#workers.map(take));
    return outcomes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
