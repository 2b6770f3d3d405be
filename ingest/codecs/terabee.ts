import { aliasesOf } from './aliases.ts';
import { measured, percent } from './build-measurement.ts';
import { ByteReader } from './byte-reader.ts';
import { hexByte, refuse, refusePort } from './codec.ts';
import type { Codec, DecodeResult } from './codec.ts';

const DATA_PORT = 1;
const FRAME_LENGTH = 6;

/** Raw distances that stand for "none". */
const NO_DISTANCE = new Map([
  [0, 'target too close'],
  [1, 'invalid reading'],
  [0xffff, 'target too far'],
]);

/** Error bits that leave the distance as good as it was: a restart, a radio that did not sleep. */
const ERRORS_BESIDE_MEASURING = 0x03;
const ERROR_BATTERY = 0x04;

function decodeFrame(payload: Uint8Array): DecodeResult {
  if (payload.length !== FRAME_LENGTH) {
    return refuse(`a frame has ${FRAME_LENGTH} bytes, not ${payload.length}`);
  }
  const reader = new ByteReader(payload);
  const distanceMm = reader.uint16();
  const fillPercent = percent(reader.uint8());
  const millivolts = reader.uint16();
  const errors = reader.uint8();
  const batteryV = (errors & ERROR_BATTERY) === 0 ? millivolts / 1000 : undefined;
  const failing = errors & ~(ERRORS_BESIDE_MEASURING | ERROR_BATTERY);
  const sensorFault =
    failing === 0 ? NO_DISTANCE.get(distanceMm) : `error bits ${hexByte(failing)}`;
  return measured({ distanceMm, fillPercent, batteryV, sensorFault });
}

/** Terabee's laser level sensor, which computes a fill from the height set in it. */
export const TERABEE_CODECS: readonly Codec[] = [
  {
    model: 'terabee/lora-lm-xl',
    name: 'Terabee LoRa Level Monitoring XL',
    maker: 'Terabee',
    source: 'TheThingsNetwork/lorawan-devices vendor/terabee/lora-lm-xl-codec.yaml',
    evidence: 'vectors',
    aliases: aliasesOf(['terabee'], ['lora-lm-xl', 'lm-xl']),
    decode: (payload, fPort) =>
      fPort === DATA_PORT ? decodeFrame(payload) : refusePort(fPort, `fPort ${DATA_PORT}`),
  },
];
