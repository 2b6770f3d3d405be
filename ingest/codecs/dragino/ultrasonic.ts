import type { Measurement } from '../../../domain/measurement.ts';
import { buildMeasurement, measured } from '../build-measurement.ts';
import { ByteReader } from '../byte-reader.ts';
import { refuse } from '../codec.ts';
import type { Codec, DecodeResult } from '../codec.ts';
import { datalogReader } from './datalog.ts';
import { DATA_PORT, DATALOG_PORT, draginoCodec, STATUS_PORT } from './dragino-codec.ts';
import { distanceFault, NO_PROBE, readBattery, readProbeTemperature } from './fields.ts';
import { levelOf, readDistances } from './several-distances.ts';
import { statusReader } from './status.ts';

/** What the DDS75-LB measured in a row when it watches for changes. */
const DETECTION_PORT = 6;

const FRAME_BYTES = 8;

/** Firmware before 1.1.4 says battery and distance, and from some version on whether a pin woke it. */
const OLD_FRAME_BYTES = new Set([4, 5]);

/** Bit 4 of the first byte: a list of distances follows, and the battery has fewer bits. */
const LIST_FLAG = 0x10;
const LIST_MILLIVOLT_BITS = 0x0fff;
/** Battery, and six bytes whose meaning is not documented. */
const LIST_HEAD_BYTES = 8;
const LIST_TAIL_BYTES = 4;

/** Behind the distances: whether a pin woke the device, temperature, whether there is a probe. */
function readTail(reader: ByteReader) {
  reader.skip(1);
  const temperatureC = readProbeTemperature(reader);
  const hasProbe = (reader.uint8() & 1) !== 0;
  return { temperatureC, hasProbe };
}

/** The frame that all ultrasonic models share. */
export function decodeSingle(
  payload: Uint8Array,
  faultOf: (distanceMm: number) => string | undefined = distanceFault,
): DecodeResult {
  if (payload.length !== FRAME_BYTES) {
    return refuse(`a frame has ${FRAME_BYTES} bytes, not ${payload.length}`);
  }
  const reader = new ByteReader(payload);
  const batteryV = readBattery(reader);
  const distanceMm = reader.uint16();
  const { temperatureC, hasProbe } = readTail(reader);
  const sensorFault = hasProbe ? faultOf(distanceMm) : NO_PROBE;
  return measured({ distanceMm, batteryV, temperatureC, sensorFault });
}

function decodeOld(payload: Uint8Array): DecodeResult {
  if (!OLD_FRAME_BYTES.has(payload.length)) return decodeSingle(payload);
  const reader = new ByteReader(payload);
  const batteryV = readBattery(reader);
  const distanceMm = reader.uint16();
  return measured({ distanceMm, batteryV, sensorFault: distanceFault(distanceMm) });
}

/** Twenty raw distances or fewer, as the DDS75-LB sends them to find the cause of an odd level. */
function decodeSingleOrList(payload: Uint8Array): DecodeResult {
  const [first = 0] = payload;
  const listBytes = payload.length - LIST_HEAD_BYTES - LIST_TAIL_BYTES;
  if ((first & LIST_FLAG) === 0 || listBytes <= 0) return decodeSingle(payload);
  if (listBytes % 2 !== 0)
    return refuse(`a list of distances has no half ones: ${listBytes} bytes`);
  const reader = new ByteReader(payload);
  const batteryV = (reader.uint16() & LIST_MILLIVOLT_BITS) / 1000;
  reader.skip(LIST_HEAD_BYTES - 2);
  const level = levelOf(readDistances(reader, listBytes / 2));
  const { temperatureC, hasProbe } = readTail(reader);
  return measured({ batteryV, temperatureC, ...(hasProbe ? level : { sensorFault: NO_PROBE }) });
}

function decodeDetection(payload: Uint8Array): DecodeResult {
  if (payload.length === 0 || payload.length % 2 !== 0) {
    return refuse(`distances have two bytes each, not ${payload.length} in all`);
  }
  return measured(levelOf(readDistances(new ByteReader(payload), payload.length / 2)));
}

/** Battery, distance and temperature; of the flags behind them none is documented. */
export function readKept(
  reader: ByteReader,
  faultOf: (distanceMm: number) => string | undefined = distanceFault,
): Measurement {
  const batteryV = readBattery(reader);
  const distanceMm = reader.uint16();
  const temperatureC = readProbeTemperature(reader);
  return buildMeasurement({ distanceMm, batteryV, temperatureC, sensorFault: faultOf(distanceMm) });
}

function firstGeneration(name: string): Codec {
  const ports = new Map([[DATA_PORT, decodeOld]]);
  // Device repositories tell newer firmware apart by its version.
  return draginoCodec({
    name,
    evidence: 'vectors',
    otherNames: [`${name.toLowerCase()}-114`],
    ports,
  });
}

function secondGeneration(name: string, sensorModel: number, evidence: Codec['evidence']): Codec {
  const hasLists = name === 'DDS75-LB';
  const ports = new Map([
    [DATA_PORT, hasLists ? decodeSingleOrList : (payload: Uint8Array) => decodeSingle(payload)],
    [DATALOG_PORT, datalogReader((reader) => readKept(reader))],
    [STATUS_PORT, statusReader(name, sensorModel)],
  ]);
  if (hasLists) ports.set(DETECTION_PORT, decodeDetection);
  // The same device with a solar cell.
  const solar = name.toLowerCase().replace(/lb$/, 'ls');
  return draginoCodec({ name, evidence, otherNames: [solar], ports });
}

/** Ultrasonic sensors, for distances from 280, 30 and 20 mm on. */
export const ULTRASONIC_CODECS: readonly Codec[] = [
  ...['LDDS75', 'LDDS45', 'LDDS20'].map(firstGeneration),
  secondGeneration('DDS75-LB', 0x27, 'layout'),
  secondGeneration('DDS45-LB', 0x28, 'layout'),
  secondGeneration('DDS20-LB', 0x29, 'vectors'),
];
