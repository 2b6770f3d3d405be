import { aliasesOf } from './aliases.ts';
import { measured, percent } from './build-measurement.ts';
import { ByteReader } from './byte-reader.ts';
import { hexByte, NO_TELEMETRY, refuse, refusePort } from './codec.ts';
import type { Codec, DecodeResult } from './codec.ts';

const DATA_PORT = 2;

const UPLINK_TIME_SYNC = 0x01;
const TIME_SYNC_LENGTH = 11;
const UPLINK_LEVEL = 0x14;
/** The kind of level frame that the waste sensor sends; its siblings for tanks send others. */
const LEVEL_WASTE = 0x01;
const LEVEL_WASTE_LENGTH = 16;

/** Greater numbers are error codes. */
const LONGEST_DISTANCE_MM = 60_000;

/** No such sensor was sold before: an earlier year is a clock that was never set. */
const FIRST_YEAR = 2020;

/**
 * Time as FAT file systems keep it, but with years since 2000: from the lowest bit on 5 bits of seconds / 2,
 * 6 of minutes, 5 of hours, 5 of the day, 4 of the month, 7 of the year. UTC.
 */
function readTime(packed: number): number | undefined {
  const year = 2000 + (packed >>> 25);
  const month = ((packed >>> 21) & 0x0f) - 1;
  const day = (packed >>> 16) & 0x1f;
  const hour = (packed >>> 11) & 0x1f;
  const minute = (packed >>> 5) & 0x3f;
  const second = (packed & 0x1f) * 2;
  const date = new Date(Date.UTC(year, month, day, hour, minute, second));
  // A thirtieth of February or a 25th hour would have moved on to a later date.
  const exists =
    date.getUTCMonth() === month &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second;
  return exists && year >= FIRST_YEAR ? date.getTime() : undefined;
}

function decodeLevel(payload: Uint8Array): DecodeResult {
  const reader = new ByteReader(payload);
  reader.skip(1); // uplink id, which is known
  const kind = reader.uint8();
  if (kind !== LEVEL_WASTE) return refuse(`level frame ${hexByte(kind)} is not a waste sensor’s`);
  if (payload.length !== LEVEL_WASTE_LENGTH) {
    return refuse(`a level frame has ${LEVEL_WASTE_LENGTH} bytes, not ${payload.length}`);
  }
  const observedAtMs = readTime(reader.uint32LittleEndian());
  reader.skip(4); // voltage at the distance meter and two reserved bytes
  const distanceMm = reader.uint16LittleEndian();
  const fillPercent = percent(reader.uint8());
  const temperatureC = reader.int16LittleEndian() / 100;
  const batteryPercent = percent(reader.uint8());
  const sensorFault = distanceMm > LONGEST_DISTANCE_MM ? `distance error ${distanceMm}` : undefined;
  return measured({
    observedAtMs,
    distanceMm,
    fillPercent,
    temperatureC,
    batteryPercent,
    sensorFault,
  });
}

function decodeFrame(payload: Uint8Array): DecodeResult {
  const [uplink] = payload;
  if (uplink === undefined) return refuse('the frame is empty');
  if (uplink === UPLINK_LEVEL) return decodeLevel(payload);
  if (uplink !== UPLINK_TIME_SYNC) return refuse(`unknown uplink ${hexByte(uplink)}`);
  return payload.length === TIME_SYNC_LENGTH
    ? NO_TELEMETRY
    : refuse(`a request for the time has ${TIME_SYNC_LENGTH} bytes, not ${payload.length}`);
}

/**
 * Enginko's (MCF88's) waste level sensor. It dates its readings by its own clock, which a network has to
 * set; while it is not set, the time of arrival counts.
 */
export const ENGINKO_CODECS: readonly Codec[] = [
  {
    model: 'enginko/egk-lw20w00',
    name: 'Enginko EGK-LW20W00 waste level',
    maker: 'Enginko (MCF88)',
    source: 'MCF88 data frame format, uplink 14; akenza device-type-library enginko/EGK-LW20W00',
    evidence: 'vectors',
    aliases: aliasesOf(
      ['enginko', 'mcf88', 'enginko-mcf88'],
      ['egk-lw20w00', 'egk-lw20w00-waste-level', 'mcf-lw20w00'],
    ),
    decode: (payload, fPort) =>
      fPort === DATA_PORT ? decodeFrame(payload) : refusePort(fPort, `fPort ${DATA_PORT}`),
  },
];
