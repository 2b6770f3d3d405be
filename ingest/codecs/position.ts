/** Where a device says it is, WGS 84, degrees. */
export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

/** Six decimals of a degree are a tenth of a metre, and finer than a float holds at the antimeridian. */
const DECIMALS = 1e6;

const round = (degrees: number) => Math.round(degrees * DECIMALS) / DECIMALS;

/**
 * A position that can be believed: on the globe, and not the 0, 0 of a receiver without a fix; else
 * `undefined`.
 */
export function believablePosition(latitude: number, longitude: number): Position | undefined {
  // Written so that NaN is not believed either.
  const onGlobe = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  if (!onGlobe || (latitude === 0 && longitude === 0)) return undefined;
  return { latitude: round(latitude), longitude: round(longitude) };
}
