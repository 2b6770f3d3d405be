import { measured } from '../build-measurement.ts';
import { ByteReader } from '../byte-reader.ts';
import { hexByte, NO_TELEMETRY, refuse } from '../codec.ts';
import type { Codec, DecodeResult } from '../codec.ts';
import { datalogReader } from './datalog.ts';
import {
  CONFIG_PORT,
  DATA_PORT,
  DATALOG_PORT,
  draginoCodec,
  STATUS_PORT,
} from './dragino-codec.ts';
import type { FrameReader } from './dragino-codec.ts';
import { distanceFault } from './fields.ts';
import { statusReader } from './status.ts';
import { decodeSingle, readKept } from './ultrasonic.ts';

/** "Invalid Reading" of the models that measure one distance. */
const INVALID_READING = 0x3fff;

function shortRangeFault(distanceMm: number): string | undefined {
  return distanceMm === INVALID_READING ? 'invalid reading' : distanceFault(distanceMm);
}

const readConfig: FrameReader = () => NO_TELEMETRY;

/** The LMDS120 tells of itself in an order of its own, and not of its battery. */
function decodeOldStatus(payload: Uint8Array): DecodeResult {
  if (payload.length !== 6) return refuse(`a status frame has 6 bytes, not ${payload.length}`);
  const model = payload.at(-1) ?? 0;
  return model === 0x18 ? NO_TELEMETRY : refuse(`sensor model ${hexByte(model)} is not an LMDS120`);
}

const decodeShortRange: FrameReader = (payload) => decodeSingle(payload, shortRangeFault);

const LONG_RANGE_FRAME_BYTES = 7;
/** What the long-range models are built to measure, cm. */
const LONGEST_CM = 2000;

/**
 * Battery, the nearest and the next object, flags. The distances are centimetres: recorded frames have
 * two objects at 115 and 164, which a 24 GHz radar could not tell apart if they were millimetres, nor
 * see so near.
 */
function decodeLongRange(payload: Uint8Array): DecodeResult {
  if (payload.length !== LONG_RANGE_FRAME_BYTES) {
    return refuse(`a frame has ${LONG_RANGE_FRAME_BYTES} bytes, not ${payload.length}`);
  }
  const reader = new ByteReader(payload);
  const batteryV = reader.uint16() / 1000;
  const distancesCm = [reader.uint16(), reader.uint16()];
  // The flags behind say that the distance left a range that was set; nearer or further they do not.
  const distancesMm = distancesCm.map((each) => (each > LONGEST_CM ? 0 : each * 10));
  const [distanceMm = 0] = distancesMm;
  if (distanceMm === 0) return measured({ batteryV, sensorFault: 'no target' });
  return measured({ batteryV, distanceMm, extras: { distancesMm } });
}

function longRange(name: string, sensorModel: number, otherNames: readonly string[]): Codec {
  return draginoCodec({
    name,
    evidence: 'layout',
    otherNames,
    ports: new Map([
      [DATA_PORT, decodeLongRange],
      [CONFIG_PORT, readConfig],
      [STATUS_PORT, statusReader(name, sensorModel)],
    ]),
  });
}

/** Microwave radars, for distances up to 12 and 20 m. */
export const RADAR_CODECS: readonly Codec[] = [
  draginoCodec({
    name: 'LMDS120',
    evidence: 'layout',
    ports: new Map([
      [DATA_PORT, decodeShortRange],
      [STATUS_PORT, decodeOldStatus],
    ]),
  }),
  draginoCodec({
    name: 'MDS120-LB',
    evidence: 'layout',
    otherNames: ['mds120-ls'],
    ports: new Map([
      [DATA_PORT, decodeShortRange],
      [DATALOG_PORT, datalogReader((reader) => readKept(reader, shortRangeFault))],
      [CONFIG_PORT, readConfig],
      [STATUS_PORT, statusReader('MDS120-LB', 0x2a)],
    ]),
  }),
  longRange('LMDS200', 0x0c, []),
  longRange('MDS200-LB', 0x2b, ['mds200-ls']),
];
