import type { ByteReader } from '../byte-reader.ts';

/** The two highest bits of a battery voltage are flags. */
const MILLIVOLT_BITS = 0x3fff;

/** Battery, V. */
export function readBattery(reader: ByteReader): number {
  return (reader.uint16() & MILLIVOLT_BITS) / 1000;
}

/** What a DS18B20 can measure (data sheet, "Operating temperature range"). */
const COLDEST_C = -55;
const HOTTEST_C = 125;

/**
 * Temperature of a DS18B20 probe, an option of most models. Without one they say 0, 327.6 or -409.5,
 * and a true zero cannot be told from none.
 */
export function readProbeTemperature(reader: ByteReader): number | undefined {
  const temperatureC = reader.int16() / 10;
  const isProbe = temperatureC >= COLDEST_C && temperatureC <= HOTTEST_C && temperatureC !== 0;
  return isProbe ? temperatureC : undefined;
}

/** No probe that measures distances is connected, or it does not answer. */
export const NO_PROBE = 'no distance probe';

/** Zero, where a probe is missing, or all bits set. */
export function distanceFault(distanceMm: number): string | undefined {
  if (distanceMm === 0) return NO_PROBE;
  return distanceMm === 0xffff ? 'no echo' : undefined;
}
