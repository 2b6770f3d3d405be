/** Something on the map that can be pointed at: a circle, in pixels of the map's box. */
export interface HitTarget<Subject> {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly subject: Subject;
}

/** Half of the 48 pixels that a gloved finger needs. */
export const TOUCH_RADIUS_PX = 24;
/** A mouse is finer. */
export const MOUSE_RADIUS_PX = 14;

/**
 * The target at a point. Targets grow to `minRadius`; where several cover the point the one whose centre is nearest
 * wins, and of equals the last, which is drawn on top.
 */
export function findHit<Subject>(
  targets: readonly HitTarget<Subject>[],
  x: number,
  y: number,
  minRadius: number,
): HitTarget<Subject> | undefined {
  let best: HitTarget<Subject> | undefined;
  let bestDistance = Infinity;
  for (const target of targets) {
    const distance = Math.hypot(target.x - x, target.y - y);
    if (distance > Math.max(target.radius, minRadius) || distance > bestDistance) continue;
    best = target;
    bestDistance = distance;
  }
  return best;
}
