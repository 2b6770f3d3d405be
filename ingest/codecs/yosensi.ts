import type { Measurement } from '../../domain/measurement.ts';
import { aliasesOf } from './aliases.ts';
import { measured, percent } from './build-measurement.ts';
import { ByteReader } from './byte-reader.ts';
import { refuse } from './codec.ts';
import type { Codec, DecodeResult } from './codec.ts';

const PAYLOAD_VERSION = 2;

const TYPE_BATTERY = 2;
const TYPE_TEMPERATURE = 3;
const TYPE_HUMIDITY = 4;
const TYPE_DISTANCE = 10;

/** Numbers of more bytes are not telemetry of these types. */
const LONGEST_VALUE = 4;

/**
 * Age up to which a value counts as measured when it arrives, s. Frames date values only by seconds before
 * they were sent, and what decodes them does not know when that was.
 */
const NEGLIGIBLE_AGE_SECONDS = 600;

interface Item {
  readonly type: number;
  /** Seconds after the frame was begun. */
  readonly delaySeconds: number;
  readonly value: number;
}

/** A signed number of up to four bytes, most significant first. */
function readSigned(bytes: Uint8Array): number {
  let value = 0;
  for (const byte of bytes) value = value * 256 + byte;
  const first = bytes[0] ?? 0;
  return first < 128 ? value : value - 256 ** bytes.length;
}

/** Type and decimal places, delay, length of address and value, address, value. */
function readItem(reader: ByteReader): Item {
  const head = reader.uint8();
  const delaySeconds = reader.uint8();
  const lengths = reader.uint8();
  reader.skip(lengths >> 4);
  const bytes = reader.bytes((lengths & 0x0f) + 1);
  const value = bytes.length > LONGEST_VALUE ? NaN : readSigned(bytes) / 10 ** (head & 0x03);
  return { type: head >> 2, delaySeconds, value };
}

/** The first value of a type: a device with several probes names its own first. */
function valueOf(items: readonly Item[], type: number): number | undefined {
  return items.find((item) => item.type === type)?.value;
}

function toResult(items: readonly Item[]): DecodeResult {
  const millivolts = valueOf(items, TYPE_BATTERY);
  const humidity = valueOf(items, TYPE_HUMIDITY);
  const distanceMm = valueOf(items, TYPE_DISTANCE);
  const said: Partial<Measurement> =
    millivolts === undefined ? {} : { batteryV: millivolts / 1000 };
  return measured({
    ...said,
    temperatureC: valueOf(items, TYPE_TEMPERATURE),
    distanceMm,
    sensorFault: distanceMm !== undefined && distanceMm < 0 ? 'no echo' : undefined,
    extras: { humidityPercent: humidity === undefined ? undefined : percent(humidity) },
  });
}

function decodeFrame(payload: Uint8Array): DecodeResult {
  const reader = new ByteReader(payload);
  const version = reader.uint8();
  reader.skip(1); // counter of frames, which the network counts better
  const ageSeconds = reader.uint16();
  if (reader.overrun || reader.remaining === 0) return refuse('the frame has no values');
  if (version !== PAYLOAD_VERSION) return refuse(`unknown payload version ${version}`);
  const items: Item[] = [];
  while (reader.remaining > 0) {
    const start = reader.offset;
    items.push(readItem(reader));
    if (reader.overrun) return refuse(`the value at byte ${start} is cut short`);
  }
  const known = [TYPE_BATTERY, TYPE_TEMPERATURE, TYPE_HUMIDITY, TYPE_DISTANCE];
  const readable = items.filter(({ type }) => known.includes(type));
  if (readable.some(({ value }) => Number.isNaN(value))) {
    return refuse(`a value has more than ${LONGEST_VALUE} bytes`);
  }
  if (readable.filter(({ type }) => type === TYPE_DISTANCE).length > 1) {
    return refuse('the frame has several distances, and does not say when each was measured');
  }
  const oldest = ageSeconds - Math.min(...readable.map(({ delaySeconds }) => delaySeconds));
  if (readable.length > 0 && oldest > NEGLIGIBLE_AGE_SECONDS) {
    return refuse(`measured ${oldest} s before it was sent, and the frame does not say when`);
  }
  return toResult(readable);
}

/** Yosensi's distance sensor. Its frames describe themselves, so values of other kinds are passed by. */
export const YOSENSI_CODECS: readonly Codec[] = [
  {
    model: 'yosensi/yo-distance',
    name: 'Yosensi YO Distance',
    maker: 'Yosensi',
    source: 'Yosensi payload V2; akenza device-type-library yosensi/YO-Distance',
    evidence: 'vectors',
    aliases: aliasesOf(['yosensi'], ['yo-distance']),
    // No document names a port.
    decode: (payload) => decodeFrame(payload),
  },
];
