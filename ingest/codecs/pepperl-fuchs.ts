import { aliasesOf } from './aliases.ts';
import { measured, percent } from './build-measurement.ts';
import { ByteReader } from './byte-reader.ts';
import { refuse, refusePort } from './codec.ts';
import type { Codec, DecodeResult } from './codec.ts';
import { believablePosition } from './position.ts';

const DATA_PORT = 1;

/** All bits set: no echo. */
const NO_DISTANCE = 0xffff;

interface Draft {
  temperatureC?: number | undefined;
  rawCentimetres?: number;
  rawMillimetres?: number;
  fillPercent?: number | undefined;
  echoStrength?: number;
  batteryV?: number;
  latitude?: number;
  longitude?: number;
}

interface Item {
  readonly byteCount: number;
  readonly read: (reader: ByteReader, draft: Draft) => void;
}

/** The maker gives tenths of a degree; the rest is the rounding of the float. */
function readTemperature(reader: ByteReader): number | undefined {
  const value = reader.float32();
  return Number.isFinite(value) ? Math.round(value * 10) / 10 : undefined;
}

/** Items with measurements, by their id. */
const ITEMS = new Map<number, Item>([
  [
    0x0201,
    { byteCount: 4, read: (reader, draft) => (draft.temperatureC = readTemperature(reader)) },
  ],
  [0x0b01, { byteCount: 2, read: (reader, draft) => (draft.rawCentimetres = reader.uint16()) }],
  [0x0b02, { byteCount: 2, read: (reader, draft) => (draft.rawMillimetres = reader.uint16()) }],
  [
    0x0b06,
    { byteCount: 1, read: (reader, draft) => (draft.fillPercent = percent(reader.uint8())) },
  ],
  [0x0b07, { byteCount: 1, read: (reader, draft) => (draft.echoStrength = reader.uint8()) }],
  [0x5001, { byteCount: 4, read: (reader, draft) => (draft.latitude = reader.int32() / 1e6) }],
  [0x5002, { byteCount: 4, read: (reader, draft) => (draft.longitude = reader.int32() / 1e6) }],
  [0x5101, { byteCount: 1, read: (reader, draft) => (draft.batteryV = reader.uint8() / 10) }],
]);

function toResult(draft: Draft): DecodeResult {
  const { rawCentimetres, rawMillimetres, echoStrength, latitude, longitude, ...said } = draft;
  const position = believablePosition(latitude ?? NaN, longitude ?? NaN);
  const extras = { echoStrength, ...position };
  // A device is set to one of the two; should both come, millimetres are the finer.
  const raw = rawMillimetres ?? rawCentimetres;
  if (raw === NO_DISTANCE) return measured({ ...said, extras, sensorFault: 'no echo' });
  const centimetresInMm = rawCentimetres === undefined ? undefined : rawCentimetres * 10;
  return measured({ ...said, extras, distanceMm: rawMillimetres ?? centimetresInMm });
}

/** Frames are items one after another: length of what follows, a 16-bit id, data. */
function decodeFrame(payload: Uint8Array): DecodeResult {
  if (payload.length === 0) return refuse('the frame is empty');
  const reader = new ByteReader(payload);
  const draft: Draft = {};
  const seen = new Set<number>();
  while (reader.remaining > 0) {
    const start = reader.offset;
    const byteCount = reader.uint8() - 2;
    const id = reader.uint16();
    const item = ITEMS.get(id);
    if (byteCount < 0) return refuse(`the item at byte ${start} is too short for an id`);
    // Lengths are in the frame, so counters, serial numbers and settings can be passed by.
    if (item === undefined) reader.skip(byteCount);
    else if (item.byteCount === byteCount) item.read(reader, draft);
    else return refuse(`the item at byte ${start} has ${byteCount} bytes of data`);
    if (reader.overrun) return refuse(`the item at byte ${start} is cut short`);
    if (item !== undefined && seen.has(id)) return refuse(`the item at byte ${start} comes twice`);
    seen.add(id);
  }
  return toResult(draft);
}

function wilsenCodec(id: string, name: string): Codec {
  return {
    model: `pepperl-fuchs/${id}`,
    name: `Pepperl+Fuchs ${name}`,
    maker: 'Pepperl+Fuchs',
    source: 'WILSEN.sonic manual, "Payload"; TheThingsNetwork/lorawan-devices vendor/pepperl-fuchs',
    evidence: 'vectors',
    aliases: aliasesOf(['pepperl-fuchs'], [id]),
    decode: (payload, fPort) =>
      fPort === DATA_PORT || fPort === undefined
        ? decodeFrame(payload)
        : refusePort(fPort, `fPort ${DATA_PORT}`),
  };
}

/** Pepperl+Fuchs's ultrasonic sensors; the "level" one computes a fill from distances set in it. */
export const PEPPERL_FUCHS_CODECS: readonly Codec[] = [
  wilsenCodec('wilsen-sonic-level', 'WILSEN.sonic.level'),
  wilsenCodec('wilsen-sonic-distance', 'WILSEN.sonic.distance'),
];
