import type { Alarm, Measurement } from '../../domain/measurement.ts';
import { ByteReader } from './byte-reader.ts';
import { hexByte, NO_TELEMETRY, refuse, refusePort } from './codec.ts';
import type { Codec, DecodeResult } from './codec.ts';

/** The application port of Milesight devices as they leave the factory. */
const DATA_PORT = 85;

/**
 * Raw distances that stand for "none". Documented for the EM410-RDL; no EM400 or EM310 can measure
 * 65 m, so the same numbers are no distance there either.
 */
const NO_DISTANCE = new Map([
  [0xfffd, 'no target'],
  [0xfffe, 'measuring is switched off'],
  [0xffff, 'sensor exception'],
]);

/** What the items of a frame have said so far. */
interface Draft {
  batteryPercent?: number;
  temperatureC?: number;
  rawDistance?: number;
  tilted?: boolean;
  alarms?: Alarm[];
}

/** Reads one item's data into the draft; returns what is wrong with it, or `undefined`. */
type ItemReader = (reader: ByteReader, draft: Draft) => string | undefined;

/** A quantity may be said twice (as value and as alarm), but only with one value. */
function put<Key extends 'batteryPercent' | 'temperatureC' | 'rawDistance' | 'tilted'>(
  draft: Draft,
  key: Key,
  value: NonNullable<Draft[Key]>,
): string | undefined {
  if (draft[key] !== undefined && draft[key] !== value) return `two different values of ${key}`;
  draft[key] = value;
  return undefined;
}

function putAlarm(draft: Draft, alarm: Alarm, status: number): string | undefined {
  if (status !== 0 && status !== 1) return `alarm status ${hexByte(status)} is neither 0 nor 1`;
  draft.alarms ??= [];
  if (status === 1 && !draft.alarms.includes(alarm)) draft.alarms.push(alarm);
  return undefined;
}

const readBattery: ItemReader = (reader, draft) => put(draft, 'batteryPercent', reader.uint8());

const readTemperature: ItemReader = (reader, draft) =>
  put(draft, 'temperatureC', reader.int16LittleEndian() / 10);

const readDistance: ItemReader = (reader, draft) =>
  put(draft, 'rawDistance', reader.uint16LittleEndian());

const readPosition: ItemReader = (reader, draft) => {
  const position = reader.uint8();
  if (position > 1) return `position ${hexByte(position)} is neither 0 nor 1`;
  return put(draft, 'tilted', position === 1);
};

const readTemperatureAlarm: ItemReader = (reader, draft) =>
  readTemperature(reader, draft) ?? putAlarm(draft, 'temperature', reader.uint8());

/** The threshold of the distance is what these sensors call a full bin (FF 06 with type 2, "bin mode"). */
const readDistanceAlarm: ItemReader = (reader, draft) =>
  readDistance(reader, draft) ?? putAlarm(draft, 'full', reader.uint8());

const skip =
  (byteCount: number): ItemReader =>
  (reader) => {
    reader.skip(byteCount);
    return undefined;
  };

/** What a device says of itself when it joins (channel FF), and how it echoes commands (FE or FF). */
const DEVICE_ITEMS: readonly (readonly [type: number, byteCount: number])[] = [
  [0x01, 1], // protocol version
  [0x02, 2], // collection interval
  [0x03, 2], // report interval
  [0x06, 9], // alarm threshold
  [0x09, 2], // hardware version
  [0x0a, 2], // firmware version
  [0x0b, 1], // power on
  [0x0f, 1], // LoRaWAN class
  [0x10, 1], // reboot
  [0x13, 1], // install height on or off
  [0x16, 8], // serial number
  [0x1c, 2], // recollection
  [0x28, 1], // status query
  [0x3e, 1], // tilt linkage
  [0x4a, 1], // time sync
  [0x56, 1], // ToF on or off
  [0x70, 2], // height of people
  [0x71, 1], // working mode
  [0x77, 2], // install height
  [0xfe, 1], // reset event
  [0xff, 2], // TSL version
];

type ItemTable = ReadonlyMap<number, ItemReader>;

function itemKey(channel: number, type: number): number {
  return channel * 256 + type;
}

function itemTable(telemetry: readonly (readonly [number, ItemReader])[]): ItemTable {
  const table = new Map<number, ItemReader>(telemetry);
  for (const [type, byteCount] of DEVICE_ITEMS) {
    table.set(itemKey(0xfe, type), skip(byteCount));
    table.set(itemKey(0xff, type), skip(byteCount));
  }
  return table;
}

const EM400_ITEMS = itemTable([
  [0x0175, readBattery],
  [0x0367, readTemperature],
  [0x0482, readDistance],
  [0x0500, readPosition],
  [0x8367, readTemperatureAlarm],
  [0x8482, readDistanceAlarm],
]);

/** The EM310 has no thermometer, so its channels count on differently. */
const EM310_ITEMS = itemTable([
  [0x0175, readBattery],
  [0x0382, readDistance],
  [0x0400, readPosition],
]);

function toMeasurement(draft: Draft): Measurement {
  const { rawDistance, ...said } = draft;
  if (rawDistance === undefined) return said;
  const sensorFault = NO_DISTANCE.get(rawDistance);
  return sensorFault === undefined
    ? { ...said, distanceMm: rawDistance }
    : { ...said, sensorFault };
}

/** Frames are items one after another: channel, type, data whose length follows from the two. */
function decodeItems(payload: Uint8Array, items: ItemTable): DecodeResult {
  if (payload.length === 0) return refuse('the frame is empty');
  const reader = new ByteReader(payload);
  const draft: Draft = {};
  while (reader.remaining > 0) {
    const start = reader.offset;
    const channel = reader.uint8();
    const type = reader.uint8();
    if (reader.overrun) return refuse(`the item at byte ${start} is cut short`);
    const readItem = items.get(itemKey(channel, type));
    if (readItem === undefined) {
      return refuse(`unknown item ${hexByte(channel)} ${hexByte(type)} at byte ${start}`);
    }
    const mistake = readItem(reader, draft);
    if (reader.overrun) return refuse(`the item at byte ${start} is cut short`);
    if (mistake !== undefined) return refuse(`${mistake} at byte ${start}`);
  }
  if (Object.keys(draft).length === 0) return NO_TELEMETRY;
  return { ok: true, measurements: [toMeasurement(draft)] };
}

function milesightCodec(name: string, items: ItemTable): Codec {
  const id = name.toLowerCase();
  return {
    model: `milesight/${id}`,
    name: `Milesight ${name}`,
    maker: 'Milesight',
    source: `${name} user guide, section "Device payload"; TheThingsNetwork/lorawan-devices vendor/milesight-iot`,
    evidence: 'vectors',
    aliases: [`milesight-iot/${id}`, `milesight/${id}`, `milesight-${id}`, id],
    decode: (payload, fPort) =>
      fPort === DATA_PORT ? decodeItems(payload, items) : refusePort(fPort, `fPort ${DATA_PORT}`),
  };
}

/** Milesight's distance sensors for bins and tanks: ultrasonic (MUD, UDL) and time of flight (TLD). */
export const MILESIGHT_CODECS: readonly Codec[] = [
  milesightCodec('EM400-MUD', EM400_ITEMS),
  milesightCodec('EM400-UDL', EM400_ITEMS),
  milesightCodec('EM400-TLD', EM400_ITEMS),
  milesightCodec('EM310-UDL', EM310_ITEMS),
];
