/** Alarms that devices raise themselves. They are facts of the message, not our judgement. */
export const ALARMS = [
  'full',
  'fire',
  'tilt',
  'low-battery',
  'temperature',
  'moved',
  'tamper',
  'lid-open',
] as const;
export type Alarm = (typeof ALARMS)[number];

/**
 * What one message says a sensor measured at one moment: raw values, before any geometry.
 * Every field is optional; a measurement is a level only when it has `distanceMm` or `fillPercent`.
 */
export interface Measurement {
  /** When the sensor measured, ms since 1970, by its own clock; absent when the message does not say. */
  readonly observedAtMs?: number;
  /** Distance from sensor to surface, mm. */
  readonly distanceMm?: number;
  /** Fill as the sensor itself computed it, percent of usable volume, 0 = empty; may exceed 100. */
  readonly fillPercent?: number;
  readonly temperatureC?: number;
  readonly batteryPercent?: number;
  readonly batteryV?: number;
  /** Lies on its side or leans further than its threshold. */
  readonly tilted?: boolean;
  readonly alarms?: readonly Alarm[];
  readonly extras?: MeasurementExtras;
  /** The device said "no echo", "too close" or the like instead of a level. */
  readonly sensorFault?: string;
}

/** What some sensors say beside a level: kept and shown, but no level follows from it. */
export interface MeasurementExtras {
  /**
   * Every distance measured at that moment, mm, in the device's order, of a device with several probes or
   * samples; the level is taken from them.
   */
  readonly distancesMm?: readonly number[];
  /** Nearest and furthest of the distances that the level was taken from, mm. */
  readonly distanceMinMm?: number;
  readonly distanceMaxMm?: number;
  /** How many measurements the level was taken from. */
  readonly sampleCount?: number;
  /** Lean from upright, degrees. */
  readonly tiltDegrees?: number;
  readonly humidityPercent?: number;
  /** WGS 84, degrees. */
  readonly latitude?: number;
  readonly longitude?: number;
  /** Counter of the device itself, not of the network. */
  readonly deviceCounter?: number;
  /** Strength of the echo or reflection, in the sensor's own unit. */
  readonly echoStrength?: number;
  /** Temperature inside the sensor, where it is told apart from the outer one. */
  readonly sensorTemperatureC?: number;
  /** Signal quality of a mobile network, 0 to 31 (3GPP TS 27.007, 8.5). */
  readonly csq?: number;
  /** The sensor itself believes that its bin was emptied since its last message. */
  readonly emptied?: boolean;
}

export function hasLevel(measurement: Measurement): boolean {
  return measurement.distanceMm !== undefined || measurement.fillPercent !== undefined;
}

/** Closed ranges outside which a value is impossible for a bin sensor, so the message is not believed at all. */
const POSSIBLE = [
  ['distanceMm', 0, 20_000],
  // Binity's documented fill_level reaches 125; twice the bin is a broken scale, not a heap.
  ['fillPercent', 0, 200],
  ['temperatureC', -60, 150],
  ['batteryPercent', 0, 100],
  ['batteryV', 0, 30],
] as const satisfies readonly (readonly [keyof Measurement, number, number])[];

/** Names the first value that no bin sensor could have measured, or `undefined` when all are possible. */
export function findImpossible(measurement: Measurement): string | undefined {
  for (const [name, low, high] of POSSIBLE) {
    const value = measurement[name];
    if (value === undefined) continue;
    if (!Number.isFinite(value) || value < low || value > high) {
      return `${name} ${value} is outside ${low}..${high}`;
    }
  }
  return undefined;
}
