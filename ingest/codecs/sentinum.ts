import { aliasesOf } from './aliases.ts';
import { measured } from './build-measurement.ts';
import { ByteReader } from './byte-reader.ts';
import { refuse, refusePort } from './codec.ts';
import type { Codec, DecodeResult } from './codec.ts';

const DATA_PORT = 1;
const HEAD_BYTES = 9;

/** Blocks behind the head, announced by bits of the second byte, in this order. */
const BLOCKS: readonly (readonly [bit: number, byteCount: number])[] = [
  [0x01, 4], // laser: status, distance, index
  [0x02, 14], // radar: status, number of peaks, three peaks with distance and strength
  [0x04, 6], // acceleration: status, orientation, open, openings, impact
  [0x08, 3], // magnet: open, openings
];

/** Nothing measured, and all bits set. No frame is recorded that would say more. */
const NO_DISTANCE = new Set([0, 0xffff]);

/** Head: versions, counter, battery, temperature, alarm, and the distance the device decided on. */
function decodeFrame(payload: Uint8Array): DecodeResult {
  const reader = new ByteReader(payload);
  reader.skip(1);
  const announced = reader.uint8();
  const deviceCounter = reader.uint8();
  const batteryV = reader.uint16() / 1000;
  const temperatureC = reader.uint8() - 128;
  reader.skip(1); // an alarm that does not say of what
  const distanceMm = reader.uint16();
  if (reader.overrun) return refuse(`a frame has at least ${HEAD_BYTES} bytes`);
  const blocks = BLOCKS.filter(([bit]) => (announced & bit) !== 0);
  const length = blocks.reduce((sum, [, byteCount]) => sum + byteCount, HEAD_BYTES);
  if (payload.length !== length) {
    return refuse(`a frame with these blocks has ${length} bytes, not ${payload.length}`);
  }
  const sensorFault = NO_DISTANCE.has(distanceMm) ? 'no echo' : undefined;
  return measured({
    distanceMm,
    sensorFault,
    batteryV,
    temperatureC,
    extras: { deviceCounter },
  });
}

function apollonCodec(letter: 'Q' | 'Zeta'): Codec {
  const id = `apollon-${letter.toLowerCase()}`;
  return {
    model: `sentinum/${id}`,
    name: `Sentinum Apollon ${letter}`,
    maker: 'Sentinum',
    source: `akenza device-type-library sentinum/apollon${letter}`,
    evidence: 'layout',
    aliases: aliasesOf(['sentinum'], [id, id.replace('-', '')]),
    decode: (payload, fPort) =>
      fPort === DATA_PORT ? decodeFrame(payload) : refusePort(fPort, `fPort ${DATA_PORT}`),
  };
}

/** Sentinum's laser and radar sensors for bins. */
export const SENTINUM_CODECS: readonly Codec[] = [apollonCodec('Q'), apollonCodec('Zeta')];
