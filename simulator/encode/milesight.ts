import type { SensorReading } from '../sensor-model.ts';
import type { RadioPayload } from './radio-payload.ts';

/** Factory setting of every Milesight EM sensor. */
const F_PORT = 85;

/** Items are channel, type, data; numbers little-endian. */
const BATTERY = [0x01, 0x75] as const;
const TEMPERATURE = [0x03, 0x67] as const;

/** EM400-MUD and EM400-TLD: battery, temperature, distance on channel 4, position on channel 5. */
export function encodeEm400(reading: SensorReading): RadioPayload {
  const bytes = Uint8Array.from([
    ...BATTERY,
    reading.batteryPercent,
    ...TEMPERATURE,
    ...littleEndian16(Math.round(reading.temperatureC * 10)),
    ...[0x04, 0x82],
    ...littleEndian16(reading.distanceMm),
    ...[0x05, 0x00],
    reading.tilted ? 1 : 0,
  ]);
  return { fPort: F_PORT, bytes };
}

/** EM310-UDL: the same items without temperature, distance on channel 3, position on channel 4. */
export function encodeEm310Udl(reading: SensorReading): RadioPayload {
  const bytes = Uint8Array.from([
    ...BATTERY,
    reading.batteryPercent,
    ...[0x03, 0x82],
    ...littleEndian16(reading.distanceMm),
    ...[0x04, 0x00],
    reading.tilted ? 1 : 0,
  ]);
  return { fPort: F_PORT, bytes };
}

function littleEndian16(value: number): [number, number] {
  return [value & 0xff, (value >> 8) & 0xff];
}
