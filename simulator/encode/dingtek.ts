import type { SensorReading } from '../sensor-model.ts';
import type { RadioPayload } from './radio-payload.ts';

const F_PORT = 3;
const FRAME_LENGTH = 17;
/** The sensor's own alarm: less than this is left to the lid (factory setting 30 cm). */
const FULL_BELOW_MM = 300;

/**
 * Data frame of the DF702 and DF703 without position, big-endian: 80 00 type message length, distance at 5,
 * temperature (signed) at 8, angle at 9 and 10, full and fire at 11, tilt and battery at 12, counter at 13, 81.
 */
export function encodeDingtek(reading: SensorReading, counter: number): RadioPayload {
  const bytes = new Uint8Array(FRAME_LENGTH);
  const view = new DataView(bytes.buffer);
  bytes.set([0x80, 0x00, 0x01, 0x01, FRAME_LENGTH]);
  view.setUint16(5, reading.distanceMm);
  view.setInt8(8, Math.round(reading.temperatureC));
  view.setUint8(10, reading.tiltDegrees);
  view.setUint8(11, reading.distanceMm < FULL_BELOW_MM ? 0x10 : 0);
  view.setUint8(12, (reading.tilted ? 0x10 : 0) | (reading.lowBattery ? 0x01 : 0));
  view.setUint16(13, counter & 0xffff);
  view.setUint8(FRAME_LENGTH - 1, 0x81);
  return { fPort: F_PORT, bytes };
}
