import type { Alarm, Measurement } from '../../../domain/measurement.ts';
import { buildMeasurement } from '../build-measurement.ts';
import { ByteReader } from '../byte-reader.ts';
import { hexByte, NO_TELEMETRY, refuse } from '../codec.ts';
import type { DecodeResult, RefusedFrame } from '../codec.ts';
import { DEVICE_CHANNELS, DEVICE_ITEMS } from './device-items.ts';
import type { DeviceItem } from './device-items.ts';

/**
 * Raw distances that stand for "none". Documented for the EM410-RDL; no other of these sensors can
 * measure 65 m, so the same numbers are no distance there either.
 */
export const NO_DISTANCE = new Map([
  [0xfffd, 'no target'],
  [0xfffe, 'measuring is switched off'],
  [0xffff, 'sensor exception'],
]);

/** Quantities of which a frame may say one value only. */
interface Quantities {
  batteryPercent?: number;
  temperatureC?: number;
  rawDistance?: number;
  /** Empty space, from which the fill follows. */
  remainingPercent?: number;
  tilted?: boolean;
  tiltDegrees?: number;
  echoStrength?: number;
  latitude?: number;
  longitude?: number;
  csq?: number;
  /** Why there is no level, in the device's own words. */
  exception?: string;
}

/** What the items of a frame have said so far of one moment. */
export interface Draft extends Quantities {
  alarms?: Alarm[];
}

/** Reads one item's data into the draft, or into the history; returns what is wrong with it, or `undefined`. */
export type ItemReader = (
  reader: ByteReader,
  draft: Draft,
  history: Measurement[],
) => string | undefined;

/** A quantity may be said twice (as value and as alarm), but only with one value. */
export function put<Key extends keyof Quantities>(
  draft: Draft,
  key: Key,
  value: NonNullable<Draft[Key]>,
): string | undefined {
  if (draft[key] !== undefined && draft[key] !== value) return `two different values of ${key}`;
  draft[key] = value;
  return undefined;
}

/** The readers of items, by channel and type. */
export type ItemTable = ReadonlyMap<number, ItemReader>;

function itemKey(channel: number, type: number): number {
  return channel * 256 + type;
}

/** The channel of an item's key without the bit that marks an alarm: 83 67 is the temperature of channel 03. */
export function baseChannel(key: number): number {
  return (key >> 8) & 0x7f;
}

/** The item says something that is of no use here, but its length must be known to find what follows. */
export function skip(byteCount: number): ItemReader {
  return (reader) => {
    reader.skip(byteCount);
    return undefined;
  };
}

/**
 * @param telemetry readers by channel and type, such as `0x0175`
 * @param replies how this model echoes commands that others do not have
 */
export function itemTable(
  telemetry: readonly (readonly [key: number, readItem: ItemReader])[],
  replies: readonly DeviceItem[] = [],
): ItemTable {
  const table = new Map<number, ItemReader>(telemetry);
  for (const [type, byteCount] of [...DEVICE_ITEMS, ...replies]) {
    for (const channel of DEVICE_CHANNELS) table.set(itemKey(channel, type), skip(byteCount));
  }
  return table;
}

/** What a frame's items say: of one moment or several, and of the past. */
interface Items {
  readonly ok: true;
  readonly samples: readonly Draft[];
  readonly history: readonly Measurement[];
}

/** Whether an item opens another sample, given the items of the current one. */
type StartsSample = (earlier: readonly number[], key: number) => boolean;

/**
 * Items stand one after another: channel, type, data whose length follows from the two.
 * @param startsSample for frames that hold several samples; none is started unless it says so
 */
export function readItems(
  payload: Uint8Array,
  table: ItemTable,
  startsSample: StartsSample = () => false,
): Items | RefusedFrame {
  const reader = new ByteReader(payload);
  const history: Measurement[] = [];
  let draft: Draft = {};
  const samples = [draft];
  let keys: number[] = [];
  while (reader.remaining > 0) {
    const start = reader.offset;
    const channel = reader.uint8();
    const type = reader.uint8();
    if (reader.overrun) return refuse(`the item at byte ${start} is cut short`);
    const key = itemKey(channel, type);
    const readItem = table.get(key);
    if (readItem === undefined) {
      return refuse(`unknown item ${hexByte(channel)} ${hexByte(type)} at byte ${start}`);
    }
    if (startsSample(keys, key)) {
      draft = {};
      keys = [];
      samples.push(draft);
    }
    keys.push(key);
    const mistake = readItem(reader, draft, history);
    if (reader.overrun) return refuse(`the item at byte ${start} is cut short`);
    if (mistake !== undefined) return refuse(`${mistake} at byte ${start}`);
  }
  return { ok: true, samples, history };
}

/** Whether the items said anything of this moment. */
export function isEmpty(draft: Draft): boolean {
  return Object.keys(draft).length === 0;
}

/** What a distance stands for that is none. */
export function distanceFault(rawDistance: number | undefined): string | undefined {
  return rawDistance === undefined ? undefined : NO_DISTANCE.get(rawDistance);
}

export function toMeasurement(draft: Draft): Measurement {
  const { batteryPercent, temperatureC, rawDistance, remainingPercent, tilted, alarms } = draft;
  const { tiltDegrees, echoStrength, latitude, longitude, csq } = draft;
  return buildMeasurement({
    batteryPercent,
    temperatureC,
    distanceMm: rawDistance,
    fillPercent: remainingPercent === undefined ? undefined : 100 - remainingPercent,
    tilted,
    alarms,
    extras: { tiltDegrees, echoStrength, latitude, longitude, csq },
    sensorFault: draft.exception ?? distanceFault(rawDistance),
  });
}

/** Reads a frame of one moment, with or without history: first the present, then the past. */
export function decodeItems(payload: Uint8Array, table: ItemTable): DecodeResult {
  if (payload.length === 0) return refuse('the frame is empty');
  const items = readItems(payload, table);
  if (!items.ok) return items;
  const present = items.samples.filter((draft) => !isEmpty(draft)).map(toMeasurement);
  const measurements = [...present, ...items.history];
  return measurements.length === 0 ? NO_TELEMETRY : { ok: true, measurements };
}
