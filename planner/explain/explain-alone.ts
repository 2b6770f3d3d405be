import type { Problem, Stop } from '../problem/problem.ts';
import type { Explanation, Obstacle } from './explanation.ts';
import { describeAttempts } from './obstacles.ts';
import { tryAlone } from './try-alone.ts';
import type { Attempt } from './try-route.ts';
import { vehicleKinds, vehiclesFor } from './vehicle-kinds.ts';

/** Stops that no vehicle can serve even if it had nothing else to do, before anything is planned. */
export function explainAlone(problem: Problem): Explanation[] {
  const kinds = vehicleKinds(problem);
  return problem.stops.flatMap((stop): Explanation[] => {
    const obstacles = obstaclesAlone(problem, kinds, stop);
    return obstacles === undefined
      ? []
      : [{ stopId: stop.id, must: stop.prize === null, when: 'alone', obstacles }];
  });
}

/** What keeps every kind of vehicle from serving a stop alone; `undefined` when one can. */
export function obstaclesAlone(
  problem: Problem,
  kinds: Problem['vehicles'],
  stop: Stop,
): readonly Obstacle[] | undefined {
  const attempts: Attempt[] = [];
  for (const vehicle of vehiclesFor(problem, kinds, stop)) {
    const attempt = tryAlone(problem, vehicle, stop);
    if (attempt.violations.length === 0) return undefined;
    attempts.push(attempt);
  }
  return describeAttempts(problem, stop, attempts);
}
