import { buildMeasurement, measured } from '../build-measurement.ts';
import { ByteReader } from '../byte-reader.ts';
import { refuse } from '../codec.ts';
import type { Codec, DecodeResult } from '../codec.ts';
import { datalogReader } from './datalog.ts';
import { DATA_PORT, DATALOG_PORT, draginoCodec, STATUS_PORT } from './dragino-codec.ts';
import { readBattery } from './fields.ts';
import { judgeMessageType } from './message-type.ts';
import { levelOf, readDistances } from './several-distances.ts';
import { statusReader } from './status.ts';

const FRAME_BYTES = 11;
const CHANNELS = 4;
/** There is room for three in a kept record. */
const KEPT_CHANNELS = 3;

/** The manual counts in tenths of a centimetre. */
function decode(payload: Uint8Array): DecodeResult {
  if (payload.length !== FRAME_BYTES) {
    return refuse(`a frame has ${FRAME_BYTES} bytes, not ${payload.length}`);
  }
  const other = judgeMessageType(payload);
  if (other !== undefined) return other;
  const reader = new ByteReader(payload);
  const batteryV = readBattery(reader);
  return measured({ batteryV, ...levelOf(readDistances(reader, CHANNELS)) });
}

const decodeDatalog = datalogReader((reader) => {
  reader.skip(1); // pins, and whether the record was asked for
  return buildMeasurement(levelOf(readDistances(reader, KEPT_CHANNELS)));
});

/** Four ultrasonic probes on one device. */
export const FOUR_CHANNEL_CODECS: readonly Codec[] = [
  draginoCodec({ name: 'LDDS04', evidence: 'vectors', ports: new Map([[DATA_PORT, decode]]) }),
  draginoCodec({
    name: 'DDS04-LB',
    evidence: 'vectors',
    otherNames: ['dds04-ls'],
    ports: new Map([
      [DATA_PORT, decode],
      [DATALOG_PORT, decodeDatalog],
      [STATUS_PORT, statusReader('DDS04-LB', 0x23)],
    ]),
  }),
];
