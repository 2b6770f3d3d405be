/** 0 °C in kelvin. */
const ZERO_C_IN_KELVIN = 273.15;

/**
 * The true distance, mm, where a sensor took sound to be as fast as at `referenceC`: sound in air goes with the square root of
 * the absolute temperature, 7 % from -20 to +20 °C. The distance as it is when either temperature is not known.
 */
export function correctForTemperature(
  distanceMm: number,
  temperatureC: number | null,
  referenceC: number | undefined,
): number {
  if (temperatureC === null || referenceC === undefined) return distanceMm;
  const warmth = (ZERO_C_IN_KELVIN + temperatureC) / (ZERO_C_IN_KELVIN + referenceC);
  return distanceMm * Math.sqrt(warmth);
}
