import { aliasesOf } from './aliases.ts';
import { measured, percent } from './build-measurement.ts';
import { ByteReader } from './byte-reader.ts';
import { hexByte, refuse } from './codec.ts';
import type { Codec, DecodeResult } from './codec.ts';

/** The regular packet of a device that is well: distance, battery, temperature, inclination. */
const PACKET_READING = 8;
const READING_LENGTH = 11;

/** Codes of units as HART numbers them (common table 2), each with its millimetres. */
const MILLIMETRES = new Map([
  [0x2c, 304.8], // feet
  [0x2d, 1000], // metres
  [0x2f, 25.4], // inches
  [0x31, 1], // millimetres
]);
const UNIT_CELSIUS = 0x20;
const UNIT_FAHRENHEIT = 0x21;

const NO_TEMPERATURE = -32_768;
const MAX_INCLINATION = 180;

function readTemperature(reader: ByteReader): number | undefined {
  const raw = reader.int16();
  const unit = reader.uint8();
  if (raw === NO_TEMPERATURE) return undefined;
  if (unit === UNIT_CELSIUS) return raw / 10;
  return unit === UNIT_FAHRENHEIT ? Math.round(((raw - 320) / 1.8) * 10) / 100 : undefined;
}

function decodeFrame(payload: Uint8Array): DecodeResult {
  const reader = new ByteReader(payload);
  const packet = reader.uint8();
  if (reader.overrun) return refuse('the frame is empty');
  if (packet !== PACKET_READING) {
    return refuse(`packet ${packet} is not read, only packet ${PACKET_READING}`);
  }
  if (payload.length !== READING_LENGTH) {
    return refuse(`packet ${PACKET_READING} has ${READING_LENGTH} bytes, not ${payload.length}`);
  }
  const distance = reader.float32();
  const unit = reader.uint8();
  const millimetres = MILLIMETRES.get(unit);
  if (millimetres === undefined) return refuse(`${hexByte(unit)} is no unit of distance`);
  const batteryPercent = percent(reader.uint8());
  const temperatureC = readTemperature(reader);
  const inclination = reader.uint8();
  // Not a number is what radar sensors send without an echo.
  const hasEcho = Number.isFinite(distance) && distance >= 0;
  return measured({
    // The wire has metres in 24 bits: thousandths of a millimetre are their rounding.
    distanceMm: Math.round(distance * millimetres * 1000) / 1000,
    sensorFault: hasEcho ? undefined : 'no echo',
    batteryPercent,
    temperatureC,
    extras: { tiltDegrees: inclination <= MAX_INCLINATION ? inclination : undefined },
  });
}

/**
 * VEGA's radar sensors, read over LoRaWAN. Only the regular packet of a device without fault and without
 * position is read, which recorded frames confirm; all others are refused by their number.
 */
export const VEGA_CODECS: readonly Codec[] = [
  {
    model: 'vega/vegapuls-air',
    name: 'VEGA VEGAPULS Air',
    maker: 'VEGA',
    source: 'akenza device-type-library vegapulse/vegapulseAir42; HART common table 2 (units)',
    evidence: 'vectors',
    aliases: aliasesOf(
      ['vega'],
      ['vegapuls-air', 'vegapuls-air-23', 'vegapuls-air-41', 'vegapuls-air-42'],
    ),
    // The packet's number and length say what it is; the port is a setting of the device.
    decode: (payload) => decodeFrame(payload),
  },
];
