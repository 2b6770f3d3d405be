/** A box on the screen, by its middle, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
}

/** A label may move this far up or down from its place, nearest first, in pixels. */
const SHIFTS_Y = [0, -36, 36, -52, 52, -70, 70] as const;

/**
 * Finds each label a place where it covers nothing: its own, else a little above or below.
 * Labels come in order of importance; one without room is `undefined`.
 */
export function placeLabels(
  labels: readonly Box[],
  obstacles: readonly Box[],
): (Box | undefined)[] {
  const taken = [...obstacles];
  return labels.map((label) => {
    for (const shift of SHIFTS_Y) {
      const box = { ...label, y: label.y + shift };
      if (taken.some((other) => overlaps(box, other))) continue;
      taken.push(box);
      return box;
    }
    return undefined;
  });
}

function overlaps(a: Box, b: Box): boolean {
  return (
    Math.abs(a.x - b.x) < a.halfWidth + b.halfWidth &&
    Math.abs(a.y - b.y) < a.halfHeight + b.halfHeight
  );
}
