import { measured } from '../build-measurement.ts';
import { ByteReader } from '../byte-reader.ts';
import { hexByte, refuse } from '../codec.ts';
import type { DecodeResult } from '../codec.ts';
import { DATA_PORT, draginoCodec, STATUS_PORT } from './dragino-codec.ts';

const SENSOR_MODEL = 0x21;
const STATUS_BYTES = 8;

/** Working mode, in the two highest bits of byte 2: measures now and then, or all the time. */
const MODE_PERIODIC = 1;
const PERIODIC_BYTES = 10;
const CONTINUOUS_BYTES = 9;
/** A frame that counts how often something passed by has this flag, and no distance. */
const COUNT_FLAG = 0x08;
const COUNT_BYTES = 11;

/** Whatever lies beyond the 2 m that the sensor can see. */
const FURTHEST_MM = 2000;

function faultOf(distanceMm: number, state: number): string | undefined {
  if (state !== 0) return `distance state ${state}`;
  return distanceMm === 0 || distanceMm > FURTHEST_MM ? 'out of range' : undefined;
}

/** A frame starts with battery and mode; what follows depends on the mode, and so does its length. */
function decodeData(payload: Uint8Array): DecodeResult {
  const reader = new ByteReader(payload);
  const batteryV = reader.uint16() / 1000;
  const flags = reader.uint8();
  const isPeriodic = flags >> 6 === MODE_PERIODIC;
  const isCount = !isPeriodic && (flags & COUNT_FLAG) !== 0;
  const length = isPeriodic ? PERIODIC_BYTES : isCount ? COUNT_BYTES : CONTINUOUS_BYTES;
  if (payload.length !== length) {
    return refuse(`a frame of this mode has ${length} bytes, not ${payload.length}`);
  }
  if (isCount) return measured({ batteryV });
  const distanceMm = reader.uint16();
  const state = isPeriodic ? reader.uint8() : 0;
  return measured({ batteryV, distanceMm, sensorFault: faultOf(distanceMm, state) });
}

/** Like that of other models, with a byte for alarms before the battery. */
function decodeStatus(payload: Uint8Array): DecodeResult {
  if (payload.length !== STATUS_BYTES) {
    return refuse(`a status frame has ${STATUS_BYTES} bytes, not ${payload.length}`);
  }
  const reader = new ByteReader(payload);
  const model = reader.uint8();
  if (model !== SENSOR_MODEL) return refuse(`sensor model ${hexByte(model)} is not a DS20L`);
  reader.skip(5);
  return measured({ batteryV: reader.uint16() / 1000 });
}

/** A small laser sensor, for distances up to 2 m. */
export const DS20L = draginoCodec({
  name: 'DS20L',
  evidence: 'layout',
  ports: new Map([
    [DATA_PORT, decodeData],
    [STATUS_PORT, decodeStatus],
  ]),
});
