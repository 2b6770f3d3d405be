import type { Violation } from '../check/violation.ts';

/** Why a stop is not served. */
export interface Explanation {
  readonly stopId: string;
  /** Whether it had to be served. */
  readonly must: boolean;
  /** `alone`: no vehicle could serve it even if it had nothing else to do. `with-others`: it does not fit into this plan. */
  readonly when: 'alone' | 'with-others';
  /** Ways to serve it, each with the limit that stands in its way and what would lift that; the nearest first. */
  readonly obstacles: readonly Obstacle[];
}

/** One way to serve a stop, and all that it would break. */
export interface Obstacle {
  /** The vehicle that comes nearest to serving it. */
  readonly vehicleId: string;
  /** One when lifting it alone would do. */
  readonly violations: readonly Violation[];
  /** What is in the way, such as "vehicle 7: 120 litres too much". */
  readonly reason: string;
  /** What would lift it, such as "120 litres more room". */
  readonly fix: string;
}
