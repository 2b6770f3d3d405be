import { aliasesOf } from './aliases.ts';
import { measured } from './build-measurement.ts';
import { ByteReader } from './byte-reader.ts';
import { NO_TELEMETRY, refuse } from './codec.ts';
import type { Codec, DecodeResult } from './codec.ts';

const PROTOCOL_VERSION = 2;

/** Version, device id and flags. Each flag announces a block of 16-bit words, in the order of the bits. */
const HEAD_BYTES = 5;
const FLAG_DISTANCE = 0x01;
const FLAG_BATTERY = 0x02;

/** All bits set; none of these sensors sees 65 m. */
const NO_DISTANCE = 0xffff;

/** What a distance block says. */
interface Level {
  readonly distanceMm: number;
  readonly distanceMinMm?: number;
  readonly distanceMaxMm?: number;
  /** Measurements that found an echo. */
  readonly sampleCount: number;
}

interface DistanceBlock {
  readonly wordCount: number;
  readonly read: (reader: ByteReader) => Level;
}

const MBX_BLOCK: DistanceBlock = {
  wordCount: 2,
  read: (reader) => ({ distanceMm: reader.uint16(), sampleCount: reader.uint16() }),
};

function readLaser(reader: ByteReader): Level {
  reader.skip(2); // the average, which a hand in front of the laser moves; the median hardly
  const distanceMinMm = reader.uint16();
  const distanceMaxMm = reader.uint16();
  const distanceMm = reader.uint16();
  reader.skip(10); // 10th, 25th, 75th and 90th percentile, most frequent value
  const sampleCount = reader.uint16();
  return { distanceMm, distanceMinMm, distanceMaxMm, sampleCount };
}

/** The words after the sample count (acquisition time; LID2: all samples) tell nothing of the level. */
const LID_BLOCK: DistanceBlock = { wordCount: 11, read: readLaser };
const LID2_BLOCK: DistanceBlock = { wordCount: 12, read: readLaser };

/** Reads the blocks that the flags announce; the length of the frame is known to be right. */
function readBlocks(payload: Uint8Array, flags: number, block: DistanceBlock): DecodeResult {
  const distanceBytes = (flags & FLAG_DISTANCE) === 0 ? 0 : block.wordCount * 2;
  const distanceEnd = HEAD_BYTES + distanceBytes;
  const hasBattery = (flags & FLAG_BATTERY) !== 0;
  const batteryV = hasBattery
    ? new ByteReader(payload.subarray(distanceEnd)).uint16() / 1000
    : undefined;
  if (distanceBytes === 0) return hasBattery ? measured({ batteryV }) : NO_TELEMETRY;
  const level = block.read(new ByteReader(payload.subarray(HEAD_BYTES, distanceEnd)));
  const { distanceMm, sampleCount, ...range } = level;
  if (sampleCount === 0 || distanceMm === NO_DISTANCE) {
    return measured({ batteryV, sensorFault: 'no echo', extras: { sampleCount } });
  }
  return measured({ batteryV, distanceMm, extras: { ...range, sampleCount } });
}

function decodeFrame(payload: Uint8Array, block: DistanceBlock): DecodeResult {
  const reader = new ByteReader(payload);
  const version = reader.uint8();
  reader.skip(2); // device id, which the network server knows better
  const flags = reader.uint16();
  if (reader.overrun) return refuse(`a frame has at least ${HEAD_BYTES} bytes`);
  if (version !== PROTOCOL_VERSION) return refuse(`unknown protocol version ${version}`);
  if ((flags & ~(FLAG_DISTANCE | FLAG_BATTERY)) !== 0) {
    return refuse(`the flags 0x${flags.toString(16)} announce sensors this model does not have`);
  }
  const distanceBytes = (flags & FLAG_DISTANCE) === 0 ? 0 : block.wordCount * 2;
  const batteryBytes = (flags & FLAG_BATTERY) === 0 ? 0 : 2;
  const length = HEAD_BYTES + distanceBytes + batteryBytes;
  if (payload.length !== length) {
    return refuse(`a frame with these flags has ${length} bytes, not ${payload.length}`);
  }
  return readBlocks(payload, flags, block);
}

function decentlabCodec(name: string, block: DistanceBlock): Codec {
  const id = name.toLowerCase();
  return {
    model: `decentlab/${id}`,
    name: `Decentlab ${name}`,
    maker: 'Decentlab',
    source: `Decentlab ${name} payload description; decentlab/decentlab-decoders ${name}`,
    evidence: 'vectors',
    aliases: aliasesOf(['decentlab'], [id]),
    // Port 1 as it leaves the factory, but other ports are recorded: the frame's own head and length tell what it is.
    decode: (payload) => decodeFrame(payload, block),
  };
}

/**
 * Decentlab's ultrasonic (MBX) and laser (LID, LID2) distance sensors. Between measurements they send
 * their battery alone. The distance of the lasers is the median of their samples.
 */
export const DECENTLAB_CODECS: readonly Codec[] = [
  decentlabCodec('DL-MBX', MBX_BLOCK),
  decentlabCodec('DL-LID', LID_BLOCK),
  decentlabCodec('DL-LID2', LID2_BLOCK),
];
