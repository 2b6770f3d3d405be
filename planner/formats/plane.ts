import { NO_WAY } from '../problem/matrix.ts';
import type { Matrix } from '../problem/matrix.ts';
import { FormatError } from './format-error.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** More places would need more than a gigabyte for the ways between them. */
export const MOST_PLACES = 10_000;

/** The length of a way from its parts along the two axes. */
export type Measure = (dx: number, dy: number) => number;

/** The square root is rounded as everywhere else; `Math.hypot` is not. */
export const straight: Measure = (dx, dy) => Math.sqrt(dx * dx + dy * dy);

/**
 * Ways in the plane that take as long as they are.
 * @throws FormatError when places are so far apart that a way would count as none.
 */
export function planeMatrix(points: readonly Point[], measure: Measure): Matrix {
  const size = points.length;
  assertPlaces(size);
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  if (measure(spread(xs), spread(ys)) >= NO_WAY) {
    throw new FormatError('The places are too far from each other');
  }
  const ways = new Int32Array(size * size);
  points.forEach((from, row) => {
    points.forEach((to, column) => {
      ways[row * size + column] = measure(Math.abs(from.x - to.x), Math.abs(from.y - to.y));
    });
  });
  // One array for both: it is the largest thing of a problem.
  return { size, seconds: ways, metres: ways };
}

/** @throws FormatError when there are too many places. */
export function assertPlaces(count: number, line?: number): void {
  if (count > MOST_PLACES) {
    throw new FormatError(`${count} places are too many, ${MOST_PLACES} are possible`, line);
  }
}

function spread(values: readonly number[]): number {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return values.length === 0 ? 0 : most - least;
}
