import type { InfluxPoint } from './influx-point.ts';
import { PointsRefusedError } from './influx-target.ts';
import type { InfluxTarget } from './influx-target.ts';

/** How many points the server took, and how many it never will. */
export interface TakenPoints {
  readonly taken: number;
  readonly refused: number;
  /** What the server said about the first refused ones. */
  readonly detail: string;
}

/** When so many in a row are refused and none is taken, it is not the points that are wrong. */
const REFUSED_WITHOUT_ONE_TAKEN = 20;

/**
 * Writes points, and steps over those that the server refuses for good, so that one of them does not hold up all behind it:
 * a refused request is halved until they are found. Rejects when the server does not answer, or refuses everything: then
 * something else is wrong, such as a setting, and nothing may be struck off.
 */
export async function writeWhatIsTaken(
  target: InfluxTarget,
  points: readonly InfluxPoint[],
): Promise<TakenPoints> {
  const count = { taken: 0, refused: 0 };
  let first: PointsRefusedError | undefined;
  const waiting = [points];
  for (let some = waiting.pop(); some !== undefined; some = waiting.pop()) {
    try {
      await target.write(some);
      count.taken += some.length;
    } catch (error) {
      if (!(error instanceof PointsRefusedError)) throw error;
      first ??= error;
      if (error.isPartial) {
        const dropped = Math.min(some.length, droppedPoints(error.message));
        count.refused += dropped;
        count.taken += some.length - dropped;
      } else if (some.length > 1) {
        const middle = some.length >> 1;
        waiting.push(some.slice(middle), some.slice(0, middle));
      } else {
        count.refused += 1;
      }
      const isHopeless = count.refused >= REFUSED_WITHOUT_ONE_TAKEN && count.taken === 0;
      if (isHopeless && !error.isPartial) throw first;
    }
  }
  // What is refused in part was understood; what is refused as a whole was perhaps not even looked at.
  if (first !== undefined && !first.isPartial && count.taken === 0) throw first;
  return { ...count, detail: first?.message ?? '' };
}

/** InfluxDB 1.x and 2.x say how many points of a request they left out. */
function droppedPoints(message: string): number {
  return Number(/dropped=(\d+)/.exec(message)?.[1] ?? 1);
}
