import { aliasesOf } from './aliases.ts';
import { measured } from './build-measurement.ts';
import { ByteReader } from './byte-reader.ts';
import { refuse } from './codec.ts';
import type { Codec, DecodeResult } from './codec.ts';

const FRAME_LENGTH = 12;

/** The kind of frame, three bits of the first byte. Of the others no frame is recorded. */
const KIND_EXTENDED = 3;

const FLAG_TOO_HOT = 0x20;
const FLAG_TILTED = 0x10;
const FLAG_ULTRASONIC_BROKEN = 0x04;
const FLAG_ACCELEROMETER_BROKEN = 0x01;

const MAX_TILT = 180;
const COLDEST_C = -40;
const HOTTEST_C = 125;

function faultOf(flags: number, rawDistance: number): string | undefined {
  if ((flags & FLAG_ULTRASONIC_BROKEN) !== 0) return 'ultrasonic sensor is broken';
  if ((flags & FLAG_TOO_HOT) !== 0) return 'too hot to measure';
  return rawDistance === 0 ? 'no echo' : undefined;
}

function decodeFrame(payload: Uint8Array): DecodeResult {
  if (payload.length !== FRAME_LENGTH) {
    return refuse(`a frame has ${FRAME_LENGTH} bytes, not ${payload.length}`);
  }
  const reader = new ByteReader(payload);
  const kind = (reader.uint8() >> 4) & 0x07;
  if (kind !== KIND_EXTENDED) {
    return refuse(`frames of kind ${kind} are not read, only of kind ${KIND_EXTENDED}`);
  }
  const flags = reader.uint8();
  reader.skip(1); // reserved
  const rawDistance = reader.uint16();
  reader.skip(3); // distance and reflectance of the laser, which sees one spot of the waste
  const celsius = reader.int8();
  const tilt = reader.uint8();
  const tilted = (flags & FLAG_TILTED) !== 0;
  const hasTilt = tilt < MAX_TILT && (flags & (FLAG_ACCELEROMETER_BROKEN | FLAG_TOO_HOT)) === 0;
  return measured({
    // Two millimetres a step; an echo is not better than a centimetre, so the maker rounds to that.
    distanceMm: Math.round((rawDistance * 2) / 10) * 10,
    sensorFault: faultOf(flags, rawDistance),
    temperatureC: celsius >= COLDEST_C && celsius <= HOTTEST_C ? celsius : undefined,
    tilted,
    alarms: tilted ? ['tilt'] : [],
    extras: { tiltDegrees: hasTilt ? tilt : undefined },
  });
}

/** Pipiot's bin sensor with ultrasonic and laser distance; the level is the ultrasonic one. */
export const PIPIOT_CODECS: readonly Codec[] = [
  {
    model: 'pipiot/levelsense',
    name: 'Pipiot LevelSense',
    maker: 'Pipiot',
    source: 'akenza device-type-library pipiot/levelSense',
    evidence: 'vectors',
    aliases: aliasesOf(['pipiot'], ['levelsense', 'level-sense', 'levelsense-sigfox']),
    // Sigfox knows no ports.
    decode: (payload) => decodeFrame(payload),
  },
];
