import type { Plan } from '../problem/plan.ts';
import type { Problem } from '../problem/problem.ts';

/** What a search is told. Both limits may be given; the first that is reached ends it. */
export interface SearchOrder {
  readonly problem: Problem;
  readonly seed: number;
  readonly seconds?: number;
  readonly cpuSeconds?: number;
  readonly iterations?: number;
  readonly start?: Plan;
  /** One number, 1 to stop: a worker that computes reads no messages. */
  readonly stop: SharedArrayBuffer;
}

/** What a search tells. */
export interface SearchNews {
  readonly plan: Plan;
  readonly cost: number;
  /** Stops left out that must be served. */
  readonly unserved: number;
  readonly iterations: number;
  readonly elapsedSeconds: number;
  /** The last message. */
  readonly done: boolean;
}
