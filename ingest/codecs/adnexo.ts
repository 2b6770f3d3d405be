import { aliasesOf } from './aliases.ts';
import { measured } from './build-measurement.ts';
import { ByteReader } from './byte-reader.ts';
import { NO_TELEMETRY, refuse, refusePort } from './codec.ts';
import type { Codec, DecodeResult } from './codec.ts';

/** Measurements at set times, at events and asked for; all three have one layout. */
const MEASUREMENT_PORTS = new Set([100, 101, 102]);
/** A measurement that the ax-dist itself does not believe, since its samples vary too much. */
const UNSTEADY_PORT = 104;
/** Attitude of the ax-opto: three accelerations and a voltage. */
const ACCELERATION_PORT = 99;
/** Echo, restart, settings taken, settings, error in a command. */
const CONFIG_PORTS = new Set([1, 2, 3, 4, 5]);

const DIST_LENGTH = 6;
const UNSTEADY_LENGTH = 8;
const OPTO_LENGTH = 26;
const ACCELERATION_LENGTH = 8;

const NO_DISTANCE = 0xffff;
const NO_TEMPERATURE = -32_768;
const ZONE_COUNT = 9;

function readTemperature(reader: ByteReader): number | undefined {
  const raw = reader.int16LittleEndian();
  return raw === NO_TEMPERATURE ? undefined : raw / 10;
}

function refuseLength(payload: Uint8Array, length: number): DecodeResult {
  return refuse(`a frame on this port has ${length} bytes, not ${payload.length}`);
}

function decodeDist(payload: Uint8Array, unsteady: boolean): DecodeResult {
  const length = unsteady ? UNSTEADY_LENGTH : DIST_LENGTH;
  if (payload.length !== length) return refuseLength(payload, length);
  const reader = new ByteReader(payload);
  const distanceMm = reader.uint16LittleEndian(); // the maker says tenths of a centimetre
  if (unsteady) reader.skip(2); // the variance
  const temperatureC = readTemperature(reader);
  const batteryV = reader.uint16LittleEndian() / 1000;
  const echo = distanceMm === NO_DISTANCE ? 'no echo' : undefined;
  const sensorFault = unsteady ? 'the distances of its samples vary too much' : echo;
  return measured({ distanceMm, temperatureC, batteryV, sensorFault });
}

/** What nine zones saw: the device's own distance, and the nearest and furthest of the zones. */
function decodeOpto(payload: Uint8Array): DecodeResult {
  if (payload.length !== OPTO_LENGTH) return refuseLength(payload, OPTO_LENGTH);
  const reader = new ByteReader(payload);
  const distanceMm = reader.uint16LittleEndian();
  const zones = Array.from({ length: ZONE_COUNT }, () => reader.uint16LittleEndian());
  const flags = reader.uint16LittleEndian();
  const temperatureC = readTemperature(reader);
  const batteryV = reader.uint16LittleEndian() / 1000;
  // Each flag is a reason to doubt the light: too weak, no target, too far, no answer.
  const doubt = flags === 0 ? undefined : `error flags 0x${flags.toString(16)}`;
  const sensorFault = distanceMm === NO_DISTANCE ? 'no target' : doubt;
  const seen = zones.filter((zone) => zone !== NO_DISTANCE);
  const hasRange = sensorFault === undefined && seen.length > 0;
  const extras = hasRange
    ? { distanceMinMm: Math.min(...seen), distanceMaxMm: Math.max(...seen) }
    : {};
  return measured({ distanceMm, temperatureC, batteryV, sensorFault, extras });
}

function decodeAxDist(payload: Uint8Array, fPort: number | undefined): DecodeResult {
  if (fPort !== undefined && CONFIG_PORTS.has(fPort)) return NO_TELEMETRY;
  if (fPort === UNSTEADY_PORT) return decodeDist(payload, true);
  if (fPort !== undefined && MEASUREMENT_PORTS.has(fPort)) return decodeDist(payload, false);
  return refusePort(fPort, 'fPort 1 to 5, 100 to 102 and 104');
}

function decodeAxOpto(payload: Uint8Array, fPort: number | undefined): DecodeResult {
  if (fPort !== undefined && CONFIG_PORTS.has(fPort)) return NO_TELEMETRY;
  if (fPort !== undefined && MEASUREMENT_PORTS.has(fPort)) return decodeOpto(payload);
  if (fPort !== ACCELERATION_PORT) return refusePort(fPort, 'fPort 1 to 5 and 99 to 102');
  return payload.length === ACCELERATION_LENGTH
    ? NO_TELEMETRY
    : refuseLength(payload, ACCELERATION_LENGTH);
}

/** adnexo's level sensors: ultrasonic with one beam (ax-dist), and optical with nine zones (ax-opto). */
export const ADNEXO_CODECS: readonly Codec[] = [
  {
    model: 'adnexo/ax-dist',
    name: 'adnexo ax-dist',
    maker: 'adnexo',
    source: 'akenza device-type-library adnexo/ax-dist',
    evidence: 'vectors',
    aliases: aliasesOf(['adnexo'], ['ax-dist']),
    decode: decodeAxDist,
  },
  {
    model: 'adnexo/ax-opto',
    name: 'adnexo ax-opto',
    maker: 'adnexo',
    source: 'akenza device-type-library adnexo/ax-opto',
    evidence: 'vectors',
    aliases: aliasesOf(['adnexo'], ['ax-opto', 'ax-opto-9-zone']),
    decode: decodeAxOpto,
  },
];
