import type { SensorReading } from '../sensor-model.ts';
import type { TownSensor } from '../town-sensor.ts';
import { HOUR_MS } from '../rhythm.ts';
import type { Frame, Uplink } from './uplink.ts';

/** A clock that was never set starts here with every boot. */
const UNSET_CLOCK_MS = Date.UTC(2000, 0, 1);
/** Somebody set local time where UTC belongs, and twice. */
const AHEAD_MS = 3 * HOUR_MS;

/** The document of our own devices on `bins/{deviceId}/up`. The pair of boot and seq is never used twice. */
export function encodeOwnJson(sensor: TownSensor, reading: SensorReading, frame: Frame): Uplink {
  const document = {
    observedAt: new Date(claimedTimeMs(sensor, reading, frame)).toISOString(),
    boot: frame.session,
    seq: frame.counter,
    ...(sensor.model === 'own-json-fill'
      ? { fillPercent: reading.fillPercent }
      : { distanceMm: reading.distanceMm }),
    temperatureC: reading.temperatureC,
    batteryPercent: reading.batteryPercent,
    tilted: reading.tilted,
  };
  return { topic: `bins/${sensor.deviceId}/up`, payload: Buffer.from(JSON.stringify(document)) };
}

/** The past was written down by right clocks: a wrong one would put the readings of a month on one day. */
function claimedTimeMs(sensor: TownSensor, reading: SensorReading, frame: Frame): number {
  if (frame.session === 0) return reading.observedAtMs;
  if (sensor.fault === 'clock-unset') {
    return UNSET_CLOCK_MS + frame.counter * sensor.reportIntervalSeconds * 1000;
  }
  return sensor.fault === 'clock-ahead' ? reading.observedAtMs + AHEAD_MS : reading.observedAtMs;
}
