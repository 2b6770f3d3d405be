import { fillFromDistance, roundPercent } from './fill-from-distance.ts';
import type { FillVerdict } from './fill-from-distance.ts';
import type { Geometry } from './geometry.ts';
import type { Alarm } from './measurement.ts';
import type { BinReason } from './bin-state.ts';

/** The raw values a fill follows from. `null` is what the sensor did not say. */
export interface RawLevel {
  readonly distanceMm: number | null;
  readonly reportedFillPercent: number | null;
  /** Of the air that the sensor measured through; needed where it does not correct its distances itself. */
  readonly temperatureC: number | null;
  readonly sensorFault: string | null;
  /** The device's own time was not believed. */
  readonly badClock: boolean;
}

/**
 * Fill and its quality from raw values and the mounting's geometry. A distance with a geometry goes before the fill that
 * the sensor computed itself, whose settings we do not know. Without a geometry a distance alone says nothing.
 */
export function judgeFill(level: RawLevel, geometry: Geometry | null): FillVerdict {
  const verdict = judgeLevel(level, geometry);
  if (!level.badClock || verdict.quality !== 'accepted') return verdict;
  return { ...verdict, quality: 'suspicious', reason: 'bad-clock' };
}

function judgeLevel(level: RawLevel, geometry: Geometry | null): FillVerdict {
  const { distanceMm, reportedFillPercent, temperatureC } = level;
  if (level.sensorFault !== null) {
    return { fillPercent: null, quality: 'rejected', reason: 'sensor-fault' };
  }
  if (distanceMm !== null && geometry !== null) {
    return fillFromDistance(distanceMm, geometry, temperatureC);
  }
  if (reportedFillPercent !== null) {
    return { fillPercent: roundPercent(reportedFillPercent), quality: 'accepted' };
  }
  const reason = distanceMm === null ? 'no-level' : 'no-geometry';
  return { fillPercent: null, quality: 'unchecked', reason };
}

/** A battery at or below this is changed on the next visit; makers' own alarms lie between 10 and 20 %. */
const LOW_BATTERY_PERCENT = 10;

/** What a reading says about its bin beside the level. */
export function findReadingReasons(reading: {
  readonly tilted: boolean | null;
  readonly alarms: readonly Alarm[];
  readonly batteryPercent: number | null;
  readonly qualityReason: string | null;
  readonly badClock: boolean;
}): BinReason[] {
  const { alarms, batteryPercent } = reading;
  const lowBattery = batteryPercent !== null && batteryPercent <= LOW_BATTERY_PERCENT;
  const reasons: readonly (readonly [BinReason, boolean])[] = [
    ['fire', alarms.includes('fire')],
    ['tilted', reading.tilted === true || alarms.includes('tilt')],
    ['obstructed', reading.qualityReason === 'full-or-obstructed'],
    ['low-battery', lowBattery || alarms.includes('low-battery')],
    ['bad-clock', reading.badClock],
  ];
  return reasons.filter(([, holds]) => holds).map(([reason]) => reason);
}
