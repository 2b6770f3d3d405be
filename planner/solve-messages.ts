import type { Problem } from './problem/problem.ts';
import type { Solution, SolveOptions } from './solve.ts';

/** What the process of a search is told first. Any message after it means: stop, with the best so far. */
export interface ChildOrder {
  readonly problem: Problem;
  readonly options: Omit<SolveOptions, 'signal' | 'onImproved' | 'worker'> & {
    readonly worker?: string;
  };
}

/** What it tells. A result or a failure is its last message. */
export type ChildNews =
  | { readonly kind: 'improved'; readonly solution: Solution }
  | { readonly kind: 'result'; readonly solution: Solution }
  | { readonly kind: 'failed'; readonly message: string };
