import { aliasesOf } from './aliases.ts';
import { measured, percent } from './build-measurement.ts';
import { ByteReader } from './byte-reader.ts';
import { hexByte, refuse } from './codec.ts';
import type { Codec, DecodeResult } from './codec.ts';

/** All bits set: no echo. */
const NO_DISTANCE = 0xffff;

interface Draft {
  temperatureC?: number;
  humidityPercent?: number;
  batteryV?: number;
  rawDistance?: number;
}

type ItemReader = (reader: ByteReader, draft: Draft) => void;

/** Items that say something of a bin. */
const TELEMETRY: readonly (readonly [type: number, readItem: ItemReader])[] = [
  [0x01, (reader, draft) => (draft.temperatureC = reader.int16() / 10)],
  [0x02, (reader, draft) => (draft.humidityPercent = reader.uint8())],
  [0x07, (reader, draft) => (draft.batteryV = reader.uint16() / 1000)],
  [0x0e, (reader, draft) => (draft.rawDistance = reader.uint16())],
];

/** Items of the maker's other sensors and inputs, whose length must be known to find what follows. */
const OTHER_ITEMS: readonly (readonly [type: number, byteCount: number])[] = [
  [0x03, 3], // acceleration
  [0x04, 2], // light
  [0x05, 1], // motion
  [0x06, 2], // CO2
  [0x08, 2], // analog input 1
  [0x09, 6], // position
  [0x0a, 2], // pulses 1
  [0x0b, 4], // pulses 1, absolute
  [0x0c, 2], // external temperature 1
  [0x0d, 1], // digital input 1
  [0x0f, 1], // number of movements
  [0x10, 4], // infrared temperatures
  [0x11, 1], // occupancy
  [0x12, 1], // water leak
  [0x13, 65], // thermal image
  [0x14, 4], // air pressure
  [0x15, 2], // sound
  [0x16, 2], // pulses 2
  [0x17, 4], // pulses 2, absolute
  [0x18, 2], // analog input 2
  [0x19, 2], // external temperature 2
  [0x1a, 1], // digital input 2
  [0x1b, 4], // analog input, µV
  [0x1c, 2], // volatile organic compounds
];

const ITEMS = new Map<number, ItemReader>([
  ...TELEMETRY,
  ...OTHER_ITEMS.map(
    ([type, byteCount]) => [type, (reader: ByteReader) => reader.skip(byteCount)] as const,
  ),
]);

function toResult({ rawDistance, humidityPercent, ...said }: Draft): DecodeResult {
  const extras = humidityPercent === undefined ? {} : { humidityPercent: percent(humidityPercent) };
  if (rawDistance === NO_DISTANCE) return measured({ ...said, extras, sensorFault: 'no echo' });
  return measured({ ...said, extras, distanceMm: rawDistance });
}

/** Frames are items one after another: a type, then data whose length follows from it alone. */
function decodeFrame(payload: Uint8Array): DecodeResult {
  if (payload.length === 0) return refuse('the frame is empty');
  const reader = new ByteReader(payload);
  const seen = new Set<number>();
  const draft: Draft = {};
  while (reader.remaining > 0) {
    const start = reader.offset;
    const type = reader.uint8();
    const readItem = ITEMS.get(type);
    if (readItem === undefined) {
      return refuse(
        `unknown item ${hexByte(type)} at byte ${start}, so nothing behind it can be found`,
      );
    }
    readItem(reader, draft);
    if (reader.overrun) return refuse(`the item at byte ${start} is cut short`);
    // Several probes may repeat an item, but a device has one of each that is read here.
    if (seen.has(type) && TELEMETRY.some(([known]) => known === type)) {
      return refuse(`the item ${hexByte(type)} comes twice`);
    }
    seen.add(type);
  }
  return toResult(draft);
}

function elsysCodec(id: string, name: string, otherNames: readonly string[]): Codec {
  return {
    model: `elsys/${id}`,
    name,
    maker: 'ELSYS',
    source: 'ELSYS Sensor payload; TheThingsNetwork/lorawan-devices vendor/elsys',
    evidence: 'vectors',
    aliases: aliasesOf(['elsys'], [id, ...otherNames]),
    // The port is a setting of the device; 5 is what it leaves the factory with.
    decode: (payload) => decodeFrame(payload),
  };
}

/** ELSYS devices share one layout, whatever sensors they carry; the ELT takes an ultrasonic probe. */
export const ELSYS_CODECS: readonly Codec[] = [
  elsysCodec('elt-2', 'ELSYS ELT-2', ['elt-2-ultrasonic']),
  elsysCodec('elt-ultrasonic', 'ELSYS ELT Ultrasonic', ['elt']),
  elsysCodec('generic-tlv', 'ELSYS, any model', []),
];
