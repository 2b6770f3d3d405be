import { aliasesOf } from './aliases.ts';
import { measured } from './build-measurement.ts';
import { ByteReader } from './byte-reader.ts';
import { hexByte, NO_TELEMETRY, refuse, refusePort } from './codec.ts';
import type { Codec, DecodeResult } from './codec.ts';

const DATA_PORT = 10;

const FRAME_STATE = 1;
const FRAME_ACCELERATION = 2;
/** Length of every frame by its type. */
const LENGTHS = new Map([
  [0, 11], // versions
  [FRAME_STATE, 7],
  [FRAME_ACCELERATION, 5],
  [3, 4], // button pressed
  [4, 10], // settings
]);

const FLAG_ACCELERATED = 0x01;
const MAX_ANGLE = 180;

/** Head: battery, type, reason for sending; then flags, angle and, in a state, a counter. */
function decodeFrame(payload: Uint8Array): DecodeResult {
  const reader = new ByteReader(payload);
  const batteryV = reader.uint8() / 100;
  const type = reader.uint8();
  if (reader.overrun) return refuse(`a frame has more than ${payload.length} bytes`);
  const length = LENGTHS.get(type);
  if (length === undefined) return refuse(`unknown type of frame ${hexByte(type)}`);
  if (payload.length !== length) {
    return refuse(`a frame of type ${type} has ${length} bytes, not ${payload.length}`);
  }
  if (type !== FRAME_STATE && type !== FRAME_ACCELERATION) return NO_TELEMETRY;
  reader.skip(1); // reason for sending
  const flags = reader.uint8();
  const angle = reader.uint8();
  const deviceCounter = type === FRAME_STATE ? reader.uint16() : undefined;
  return measured({
    batteryV,
    // Which of its three areas of tilt is upright depends on how it is mounted, so none means "tilted".
    alarms: (flags & FLAG_ACCELERATED) === 0 ? [] : ['moved'],
    extras: { tiltDegrees: angle <= MAX_ANGLE ? angle : undefined, deviceCounter },
  });
}

/** ELV's orientation and movement sensor, a companion on a bin or its lid: it has no level. */
export const ELV_CODECS: readonly Codec[] = [
  {
    model: 'elv/elv-lw-omo',
    name: 'ELV-LW-OMO',
    maker: 'ELV',
    source: 'TheThingsNetwork/lorawan-devices vendor/elv/elv-lw-omo-codec.yaml',
    evidence: 'vectors',
    aliases: aliasesOf(['elv'], ['elv-lw-omo', 'lw-omo']),
    decode: (payload, fPort) =>
      fPort === DATA_PORT ? decodeFrame(payload) : refusePort(fPort, `fPort ${DATA_PORT}`),
  },
];
