import type { Problem } from '../problem/problem.ts';
import { randomProblem } from './random-problem.ts';

/** A small problem that has a bit of everything a search deals with, and a plan that keeps every limit. */
export const SEARCH_PROBLEM: Problem = randomProblem(4, {
  ...{ stops: 50, vehicles: 6, sites: 2 },
  ...{ windows: true, breaks: true },
});

/** A program to run in place of a search. */
export function program(text: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(text)}`);
}
