/** Steps between lines that read well: 1, 2 and 5 times a power of ten. */
const NICE_STEPS = [1, 2, 5] as const;
/** Lines closer than this crowd the ground. */
const SMALLEST_GAP_PX = 110;

/** The smallest step in degrees, from the nice ones, whose lines keep their distance. */
export function niceStep(degreesPerPixel: number): number {
  const wanted = degreesPerPixel * SMALLEST_GAP_PX;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const factor = NICE_STEPS.find((step) => step * power >= wanted) ?? 10;
  return factor * power;
}

/** The multiples of `step` between two degrees, both ends included. */
export function listTicks(low: number, high: number, step: number): number[] {
  const ticks: number[] = [];
  // Multiples of whole numbers: adding the step again and again would drift.
  for (let k = Math.ceil(low / step); k * step <= high; k += 1) ticks.push(k * step);
  return ticks;
}

/** A coordinate as on a map's edge, with as many digits as the step has. */
export function formatDegrees(degrees: number, step: number, letters: readonly [string, string]) {
  const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  return `${Math.abs(degrees).toFixed(digits)}° ${degrees < 0 ? letters[1] : letters[0]}`;
}
