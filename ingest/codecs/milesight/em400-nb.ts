import { aliasesOf } from '../aliases.ts';
import { ByteReader } from '../byte-reader.ts';
import { hexByte, NO_TELEMETRY, refuse } from '../codec.ts';
import type { Codec, DecodeResult } from '../codec.ts';
import { believablePosition } from '../position.ts';
import { EM400_TELEMETRY } from './em400.ts';
import { baseChannel, isEmpty, itemTable, put, readItems, toMeasurement } from './items.ts';
import type { ItemReader } from './items.ts';
import { MAKERS } from './milesight-codec.ts';

const FRAME_START = 0x02;
const FRAME_ID = 0x0001;

/** The length in the header counts what comes behind itself. */
const LENGTH_COUNTS_FROM = 5;

/** Flag, frame counter, protocol, firmware, hardware, serial number, IMEI, IMSI and ICCID. */
const IDENTIFICATION_BYTES = 1 + 2 + 1 + 4 + 4 + 16 + 15 + 15 + 20;

/** "Not known or not detectable" (3GPP TS 27.007, 8.5). */
const NO_CSQ = 99;
const HIGHEST_CSQ = 31;

/** Motion in the low half of the status: starts to move, moves. */
const MOVING = new Set([1, 2]);
/** Geofence in the high half of the status. */
const OUTSIDE_GEOFENCE = 1;

/** Latitude goes first, as in the maker's decoder; one of its documents has them the other way round. */
const readPlace: ItemReader = (reader, draft) => {
  const latitude = reader.int32LittleEndian() / 1e6;
  const longitude = reader.int32LittleEndian() / 1e6;
  const position = believablePosition(latitude, longitude);
  const status = reader.uint8();
  if (MOVING.has(status & 0x0f) || status >> 4 === OUTSIDE_GEOFENCE) {
    draft.alarms = [...(draft.alarms ?? []), 'moved'];
  }
  if (position === undefined) return undefined;
  const mistake = put(draft, 'latitude', position.latitude);
  return mistake ?? put(draft, 'longitude', position.longitude);
};

const ITEMS = itemTable([...EM400_TELEMETRY, [0x0688, readPlace]]);

/** Channels count up within a sample, so one that counts back, or comes again, opens the next. */
function startsSample(earlier: readonly number[], key: number): boolean {
  const last = earlier.at(-1);
  return last !== undefined && (baseChannel(key) < baseChannel(last) || earlier.includes(key));
}

function decodeFrame(payload: Uint8Array): DecodeResult {
  const reader = new ByteReader(payload);
  const start = reader.uint8();
  const id = reader.uint16();
  const length = reader.uint16();
  reader.skip(IDENTIFICATION_BYTES);
  const csq = reader.uint8();
  const itemBytes = reader.uint16();
  if (reader.overrun) return refuse(`a frame has more than ${payload.length} bytes`);
  if (start !== FRAME_START || id !== FRAME_ID) {
    return refuse('the frame does not begin with 02 00 01');
  }
  if (length !== payload.length - LENGTH_COUNTS_FROM || itemBytes !== reader.remaining) {
    return refuse(`the lengths in the header are not those of a frame of ${payload.length} bytes`);
  }
  if (csq > HIGHEST_CSQ && csq !== NO_CSQ) return refuse(`unknown signal quality ${hexByte(csq)}`);
  const items = readItems(reader.bytes(itemBytes), ITEMS, startsSample);
  if (!items.ok) return items;
  const samples = items.samples.filter((draft) => !isEmpty(draft));
  if (samples.length === 0) return NO_TELEMETRY;
  const signal = csq === NO_CSQ ? {} : { csq };
  return { ok: true, measurements: samples.map((draft) => toMeasurement({ ...draft, ...signal })) };
}

function em400NbCodec(name: string, evidence: Codec['evidence']): Codec {
  const id = `${name.toLowerCase()}-nb`;
  return {
    model: `milesight/${id}`,
    name: `Milesight ${name} over NB-IoT or LTE-M`,
    maker: 'Milesight',
    source: `Milesight-IoT/SensorDecoders em-series/${name.toLowerCase()}/README.md, "NB-IoT Data Frame"`,
    evidence,
    // The last is the name in a collection of recorded frames.
    aliases: aliasesOf(MAKERS, [id, `${id}-iot`, `${id}-iot/lte-m-binary-frame`]),
    // A mobile network has no ports.
    decode: decodeFrame,
  };
}

/**
 * The EM400 in its mobile form sends a header and one sample or more. They have no times of their own,
 * and are taken to stand in the order in which they were measured.
 */
export const EM400_NB_CODECS: readonly Codec[] = [
  em400NbCodec('EM400-MUD', 'vectors'),
  em400NbCodec('EM400-UDL', 'layout'),
  em400NbCodec('EM400-TLD', 'vectors'),
];
