import type { SensorReading } from '../sensor-model.ts';
import type { RadioPayload } from './radio-payload.ts';

const F_PORT = 6;
const DEVICE_TYPE = 0x34;
const STATUS_REPORT = 0x01;
const LOW_BATTERY = 0x80;

/**
 * Status report of the R718X, 11 bytes big-endian: version, device type, report, battery in tenths of a volt
 * (highest bit: low), status, distance in mm, temperature in tenths of a degree, fill in percent, angle in degrees.
 */
export function encodeR718x(reading: SensorReading): RadioPayload {
  const bytes = new Uint8Array(11);
  const view = new DataView(bytes.buffer);
  bytes.set([0x01, DEVICE_TYPE, STATUS_REPORT]);
  view.setUint8(3, Math.round(reading.batteryV * 10) | (reading.lowBattery ? LOW_BATTERY : 0));
  view.setUint8(4, 0x01);
  view.setUint16(5, reading.distanceMm);
  view.setInt16(7, Math.round(reading.temperatureC * 10));
  view.setUint8(9, Math.min(100, reading.fillPercent));
  view.setUint8(10, reading.tiltDegrees);
  return { fPort: F_PORT, bytes };
}
