/** LoRaWAN 1.0.4, 5.5: 0 is a supply from outside, 255 means that the device cannot tell. */
const LOWEST_LEVEL = 1;
const HIGHEST_LEVEL = 254;

/** Percent of the battery byte of a DevStatusAns, 1 being empty and 254 full; `undefined` without a battery or a measurement. */
export function batteryPercentOfStatus(level: number): number | undefined {
  if (!Number.isInteger(level) || level < LOWEST_LEVEL || level > HIGHEST_LEVEL) return undefined;
  const share = (level - LOWEST_LEVEL) / (HIGHEST_LEVEL - LOWEST_LEVEL);
  return Math.round(share * 1000) / 10;
}
