import { distanceFromFill } from './containers.ts';
import { fillPercentAt } from './fill-model.ts';
import { type Random, createRandom, gaussianFrom, hashText, unitFrom } from './random.ts';
import { DAY_MS, HOUR_MS, dayStartMs, localDay } from './rhythm.ts';
import { MODEL_FACTS } from './sensor-catalogue.ts';
import type { TownSensor } from './town-sensor.ts';
import type { TownBin } from './town.ts';

/** What a sensor makes of its bin at one moment. Whole units as the devices send them. */
export interface SensorReading {
  /** When it measured, ms since 1970, by a right clock. */
  readonly observedAtMs: number;
  readonly distanceMm: number;
  /** The level by the sensor's own reckoning from that distance, whole percent; may exceed 100. */
  readonly fillPercent: number;
  /** Tenths of a degree. */
  readonly temperatureC: number;
  readonly batteryPercent: number;
  readonly batteryV: number;
  readonly lowBattery: boolean;
  /** Lean, whole degrees from upright. */
  readonly tiltDegrees: number;
  readonly tilted: boolean;
}

export interface Moment {
  /** The town's clock, which runs ahead in time lapse. */
  readonly townMs: number;
  /** The wall clock, which stands in the message. */
  readonly observedAtMs: number;
  /** Tells this measurement from the sensor's others: session and counter. */
  readonly key: string;
}

const TILT_DAY = 1;
const TILT_HOUR = 2;
const STUCK_PHASE = 3;
const BATTERY_START = 4;
const BATTERY_DRAIN = 5;

/** Lid open, an object under the sensor, a second echo. */
const OUTLIER_RATE = 0.05;
/** A bin is knocked over about once in 200 days and stands up again after this. */
const TILT_RATE_PER_DAY = 0.005;
const TILT_HOURS = 5;
/** Milesight's own tilt threshold is 20 degrees. */
const TILT_THRESHOLD_DEGREES = 20;
/** A stuck sensor hangs for the first part of each period. */
const STUCK_PERIOD_DAYS = 25;
const STUCK_DAYS = 12;
const LOW_BATTERY_PERCENT = 15;
/** Cells are changed when this much is used. */
const BATTERY_RANGE_PERCENT = 92;
const LOWEST_BATTERY_V = 3.1;
const FULL_BATTERY_V = 3.6;

/** What the bin's sensor measures at a moment. The same bin and moment give the same reading. */
export function measure(bin: TownBin, moment: Moment): SensorReading {
  const { sensor } = bin;
  const random = createRandom(sensor.seed ^ hashText(moment.key));
  const tilted = isTilted(sensor, moment.townMs);
  const distanceMm = tilted
    ? distanceWhenTilted(bin, random)
    : measureDistance(bin, moment, random);
  const batteryPercent = batteryPercentAt(sensor, moment.townMs);
  const tiltDegrees = Math.floor(
    tilted ? random.between(TILT_THRESHOLD_DEGREES + 5, 89) : random.between(0, 5),
  );
  return {
    observedAtMs: moment.observedAtMs,
    distanceMm,
    fillPercent: ownReckoning(bin, distanceMm),
    temperatureC: temperatureAt(sensor, moment.observedAtMs, random),
    batteryPercent,
    batteryV: voltageOf(batteryPercent),
    lowBattery: batteryPercent < LOW_BATTERY_PERCENT,
    tiltDegrees,
    tilted,
  };
}

function measureDistance(bin: TownBin, moment: Moment, random: Random): number {
  const stuckSinceMs = stuckSince(bin.sensor, moment.townMs);
  if (stuckSinceMs !== undefined) {
    return visible(bin, distanceFromFill(fillPercentAt(bin.growth, stuckSinceMs), bin.geometry));
  }
  if (random.chance(OUTLIER_RATE)) return outlier(bin, random);
  const noise = random.gaussian() * bin.sensor.noisePercent;
  const seen = fillPercentAt(bin.growth, moment.townMs) + noise;
  return visible(bin, distanceFromFill(seen, bin.geometry));
}

/** Closer than its blind zone a sensor reports the blind zone (MaxBotix HRXL-WRS data sheet). */
function visible(bin: TownBin, distanceMm: number): number {
  return Math.round(Math.max(distanceMm, MODEL_FACTS[bin.sensor.model].blindZoneMm));
}

function outlier(bin: TownBin, random: Random): number {
  const { emptyDistanceMm, blindZoneMm } = bin.geometry;
  const lidOpen = random.chance(0.4);
  if (lidOpen) return Math.round(emptyDistanceMm * random.between(1.2, 1.9));
  return Math.round(random.between(blindZoneMm, emptyDistanceMm));
}

/** A fallen bin shows its wall, or the ground outside. */
function distanceWhenTilted(bin: TownBin, random: Random): number {
  return Math.round(random.between(bin.geometry.fullDistanceMm, bin.geometry.emptyDistanceMm));
}

function ownReckoning(bin: TownBin, distanceMm: number): number {
  const { emptyDistanceMm, fullDistanceMm } = bin.geometry;
  const percent = ((emptyDistanceMm - distanceMm) / (emptyDistanceMm - fullDistanceMm)) * 100;
  return Math.max(0, Math.round(percent));
}

function isTilted(sensor: TownSensor, townMs: number): boolean {
  const day = localDay(townMs);
  if (unitFrom(sensor.seed, TILT_DAY, day) >= TILT_RATE_PER_DAY) return false;
  const fellAtMs =
    dayStartMs(day) + unitFrom(sensor.seed, TILT_HOUR, day) * (DAY_MS - TILT_HOURS * HOUR_MS);
  return townMs >= fellAtMs && townMs < fellAtMs + TILT_HOURS * HOUR_MS;
}

/** Since when a stuck sensor hangs, or `undefined` while it works. */
function stuckSince(sensor: TownSensor, townMs: number): number | undefined {
  if (sensor.fault !== 'stuck') return undefined;
  const periodMs = STUCK_PERIOD_DAYS * DAY_MS;
  const phaseMs = unitFrom(sensor.seed, STUCK_PHASE) * periodMs;
  const intoPeriodMs = (townMs + phaseMs) % periodMs;
  return intoPeriodMs < STUCK_DAYS * DAY_MS ? townMs - intoPeriodMs : undefined;
}

/** Falls by 8 to 25 percent a year; new cells start the slope again. */
function batteryPercentAt(sensor: TownSensor, townMs: number): number {
  const percentPerYear = 8 + 17 * unitFrom(sensor.seed, BATTERY_DRAIN);
  const start = unitFrom(sensor.seed, BATTERY_START) * BATTERY_RANGE_PERCENT;
  const used = (start + (townMs / (365 * DAY_MS)) * percentPerYear) % BATTERY_RANGE_PERCENT;
  return Math.round(100 - used);
}

function voltageOf(batteryPercent: number): number {
  const volts = LOWEST_BATTERY_V + (FULL_BATTERY_V - LOWEST_BATTERY_V) * (batteryPercent / 100);
  return Math.round(volts * 10) / 10;
}

/** Air at Södertälje's latitude: about -3 °C in January, 18 °C in July, 3 °C up and down over a day, and weather. */
function temperatureAt(sensor: TownSensor, atMs: number, random: Random): number {
  const day = localDay(atMs);
  const warmestDay = 203;
  const season = 7.5 + 10.5 * Math.cos((2 * Math.PI * ((day % 365.25) - warmestDay)) / 365.25);
  const hour = (atMs - dayStartMs(day)) / HOUR_MS;
  const daily = 3 * Math.cos((2 * Math.PI * (hour - 15)) / 24);
  // The weather is the town's, a sunny or shady spot the sensor's.
  const weather = 2.5 * gaussianFrom(hashText('weather'), 1, day);
  const spot = 4 * unitFrom(sensor.seed, 6) - 2;
  return Math.round((season + daily + weather + spot + 0.3 * random.gaussian()) * 10) / 10;
}
