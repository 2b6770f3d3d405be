import { aliasesOf } from './aliases.ts';
import { BitReader } from './bit-reader.ts';
import { measured, percent } from './build-measurement.ts';
import { refuse, refusePort } from './codec.ts';
import type { Codec, DecodeResult } from './codec.ts';

const DATA_PORT = 1;

/** The last two bits of a frame say what it is. */
const TYPE_FILL = 0;
const TYPE_DISTANCE = 1;
const TYPE_SYSTEM = 2;

const READING_LENGTH = 3;
const SYSTEM_LENGTH = 12;

/** Numbers in place of a distance: the two greatest that nine bits have. */
const DISTANCE_FAULTS = new Map([
  [510, 'sensor is set up wrongly'],
  [511, 'sensor does not answer'],
]);

/** In steps of 2 %; 126 stands for "unknown". */
function readBattery(reader: BitReader): number | undefined {
  return percent(reader.bits(6) * 2);
}

function readTemperature(reader: BitReader): number {
  return reader.bits(7) - 40;
}

function decodeFill(payload: Uint8Array): DecodeResult {
  const reader = new BitReader(payload);
  reader.skip(2); // why it last started
  const batteryPercent = readBattery(reader);
  const temperatureC = readTemperature(reader);
  const fillPercent = percent(reader.bits(7)); // 126 and 127 stand for "invalid"
  const sensorFault = fillPercent === undefined ? 'invalid fill' : undefined;
  return measured({ batteryPercent, temperatureC, fillPercent, sensorFault });
}

function decodeDistance(payload: Uint8Array): DecodeResult {
  const reader = new BitReader(payload);
  const batteryPercent = readBattery(reader);
  const temperatureC = readTemperature(reader);
  const distanceCm = reader.bits(9);
  const sensorFault = DISTANCE_FAULTS.get(distanceCm);
  return measured({ batteryPercent, temperatureC, distanceMm: distanceCm * 10, sensorFault });
}

/** Versions, self-tests and counters, and behind them the battery, which is all that matters of a bin. */
function decodeSystem(payload: Uint8Array): DecodeResult {
  const reader = new BitReader(payload);
  reader.skip(81);
  const batteryPercent = readBattery(reader);
  const batteryV = (reader.bits(4) + 22) / 10;
  return measured({ batteryPercent, batteryV });
}

function decodeFrame(payload: Uint8Array): DecodeResult {
  const last = payload.at(-1);
  if (last === undefined) return refuse('the frame is empty');
  const type = last & 0x03;
  if (type !== TYPE_FILL && type !== TYPE_DISTANCE && type !== TYPE_SYSTEM) {
    return refuse('extended frames (type 3) are not read: their layout is not known for certain');
  }
  const length = type === TYPE_SYSTEM ? SYSTEM_LENGTH : READING_LENGTH;
  if (payload.length !== length) {
    return refuse(`a frame of type ${type} has ${length} bytes, not ${payload.length}`);
  }
  if (type === TYPE_FILL) return decodeFill(payload);
  return type === TYPE_DISTANCE ? decodeDistance(payload) : decodeSystem(payload);
}

/**
 * SmartEnds' bin sensors. Extended frames (pickups, fire, tampering, depth maps) are refused: no recorded
 * frame confirms their layout, and the one published decoder of them contradicts itself on where their
 * kind is, so a level could be read from the wrong bits.
 */
export const BRIGHTERBINS_CODECS: readonly Codec[] = [
  {
    model: 'smartends/brighterbins',
    name: 'SmartEnds BrighterBins',
    maker: 'SmartEnds',
    source: 'akenza device-type-library smartEnds/brighterBins',
    evidence: 'vectors',
    aliases: aliasesOf(['smartends', 'smart-ends', 'brighterbins'], ['brighterbins']),
    decode: (payload, fPort) =>
      fPort === DATA_PORT ? decodeFrame(payload) : refusePort(fPort, `fPort ${DATA_PORT}`),
  },
];
