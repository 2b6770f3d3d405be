import { drawFrom } from './random-problem.ts';
import type { Wishes } from './random-problem.ts';

const FLAGS = [
  ...['windows', 'compartments', 'weights', 'breaks', 'mustEndEmpty', 'skills', 'locks', 'prizes'],
  ...['releases', 'asymmetric', 'limits', 'openEnds', 'fractions', 'firstStops', 'noWays'],
];
const SITE_COUNTS = [0, 0, 2, 3, 5];

/** Every third wish or so, a few vehicles and up to 47 stops, for a problem with that seed. */
export function randomWishes(seed: number): Wishes {
  const draw = drawFrom(seed + 7919);
  const flags = Object.fromEntries(FLAGS.map((flag) => [flag, draw(3) === 0]));
  const sites = SITE_COUNTS[seed % SITE_COUNTS.length] ?? 0;
  return {
    ...flags,
    ...{ stops: 8 + (seed % 40), vehicles: 1 + (seed % 6), sites },
    mustEndEmpty: sites > 0 && flags['mustEndEmpty'] === true,
  };
}
