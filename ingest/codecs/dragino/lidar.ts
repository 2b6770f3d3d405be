import { buildMeasurement, measured } from '../build-measurement.ts';
import { ByteReader } from '../byte-reader.ts';
import { refuse } from '../codec.ts';
import type { Codec, DecodeResult } from '../codec.ts';
import { datalogReader } from './datalog.ts';
import { DATA_PORT, DATALOG_PORT, draginoCodec, STATUS_PORT } from './dragino-codec.ts';
import { readBattery, readProbeTemperature } from './fields.ts';
import { judgeMessageType } from './message-type.ts';
import { statusReader } from './status.ts';

const FRAME_BYTES = 11;

/** "471>100, 471≠65535, the measured value of Dist is considered credible" (LLDS40 manual, 2.3.4). */
const WEAKEST_SIGNAL = 100;
const NO_SIGNAL = 0xffff;

/** What the probe says instead of a distance beyond its range: 4500 cm, and beyond 60 m even 0. */
const BEYOND_RANGE_MM = 45_000;

function faultOf(distanceMm: number, echoStrength: number): string | undefined {
  if (echoStrength <= WEAKEST_SIGNAL || echoStrength === NO_SIGNAL) return 'weak reflection';
  return distanceMm === 0 || distanceMm >= BEYOND_RANGE_MM ? 'out of range' : undefined;
}

/** The manual counts distances in tenths of a centimetre. */
function readLevel(reader: ByteReader) {
  const distanceMm = reader.uint16();
  const echoStrength = reader.uint16();
  return { distanceMm, echoStrength, sensorFault: faultOf(distanceMm, echoStrength) };
}

function decode(payload: Uint8Array): DecodeResult {
  if (payload.length !== FRAME_BYTES) {
    return refuse(`a frame has ${FRAME_BYTES} bytes, not ${payload.length}`);
  }
  const other = judgeMessageType(payload);
  if (other !== undefined) return other;
  const reader = new ByteReader(payload);
  const batteryV = readBattery(reader);
  const temperatureC = readProbeTemperature(reader);
  const { echoStrength, ...level } = readLevel(reader);
  reader.skip(1); // whether a pin woke the device
  const sensorTemperatureC = reader.int8();
  return measured({
    ...level,
    batteryV,
    temperatureC,
    extras: { echoStrength, sensorTemperatureC },
  });
}

const decodeDatalog = datalogReader((reader) => {
  reader.skip(2); // pins, whether the record was asked for, and a byte without meaning
  const { echoStrength, ...level } = readLevel(reader);
  const sensorTemperatureC = reader.int8();
  return buildMeasurement({ ...level, extras: { echoStrength, sensorTemperatureC } });
});

function firstGeneration(name: string, evidence: Codec['evidence']): Codec {
  return draginoCodec({ name, evidence, ports: new Map([[DATA_PORT, decode]]) });
}

function secondGeneration(id: string, sensorModel: number): Codec {
  const name = `${id}-LB`;
  return draginoCodec({
    name,
    evidence: 'layout',
    otherNames: [id.toLowerCase(), `${id.toLowerCase()}-ls`],
    ports: new Map([
      [DATA_PORT, decode],
      [DATALOG_PORT, decodeDatalog],
      [STATUS_PORT, statusReader(name, sensorModel)],
    ]),
  });
}

/** Laser sensors, for distances up to 12 and 40 m. */
export const LIDAR_CODECS: readonly Codec[] = [
  firstGeneration('LLDS12', 'vectors'),
  firstGeneration('LLDS40', 'layout'),
  secondGeneration('LDS12', 0x24),
  secondGeneration('LDS40', 0x25),
];
