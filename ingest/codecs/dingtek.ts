import type { Alarm, Measurement } from '../../domain/measurement.ts';
import { ByteReader } from './byte-reader.ts';
import { hexByte, NO_TELEMETRY, refuse, refusePort } from './codec.ts';
import type { Codec, DecodeResult } from './codec.ts';

const DATA_PORT = 3;

const FRAME_START = 0x80;
const FRAME_END = 0x81;
/** Device type in byte 2; others, such as 0x16 of the DF556, are other layouts. */
const DEVICE_TYPE = 0x01;

const MESSAGE_HEARTBEAT = 0x01;
const MESSAGE_ALARM = 0x02;
const MESSAGE_PARAMETERS = 0x03;

const LENGTH_PLAIN = 17;
const LENGTH_WITH_POSITION = 25;
const LENGTH_PARAMETERS = 25;

/**
 * Distances that stand for "no echo": 9999 is in the maker's own DF701 example, and lies beyond the
 * 5 m that a DF702 or DF703 can measure; 65535 is all bits set.
 */
const NO_ECHO = new Set([9999, 0xffff]);

/** Longitude and latitude, two floats between distance and temperature. */
const POSITION_BYTES = 8;

function readFlags(reader: ByteReader): Alarm[] {
  const fullAndFire = reader.uint8();
  const tiltAndBattery = reader.uint8();
  const alarms: Alarm[] = [];
  if (fullAndFire >> 4 !== 0) alarms.push('full');
  if ((fullAndFire & 0x0f) !== 0) alarms.push('fire');
  if (tiltAndBattery >> 4 !== 0) alarms.push('tilt');
  if ((tiltAndBattery & 0x0f) !== 0) alarms.push('low-battery');
  return alarms;
}

/** Reads from byte 5 on: the head of the frame is known to be sound and its length right. */
function readData(payload: Uint8Array): Measurement {
  const reader = new ByteReader(payload);
  reader.skip(5);
  const distanceMm = reader.uint16();
  reader.skip(1); // whether a position follows, which the length has said already
  if (payload.length === LENGTH_WITH_POSITION) reader.skip(POSITION_BYTES);
  // Signed, unlike in the maker's example decoder: -5 °C would be a fire of 251 °C.
  const temperatureC = reader.int8();
  reader.skip(2); // the angle, whose sign the sources disagree on; the tilt flag below is certain
  const alarms = readFlags(reader);
  const said = { temperatureC, tilted: alarms.includes('tilt'), alarms };
  return NO_ECHO.has(distanceMm) ? { ...said, sensorFault: 'no echo' } : { ...said, distanceMm };
}

/** Frames are `80 00 type message length ... 81`, with the length of the whole frame. */
function decodeFrame(payload: Uint8Array): DecodeResult {
  const reader = new ByteReader(payload);
  const start = reader.uint8();
  const reserved = reader.uint8();
  const type = reader.uint8();
  const message = reader.uint8();
  const length = reader.uint8();
  if (reader.overrun) return refuse(`a frame has more than ${payload.length} bytes`);
  if (start !== FRAME_START || reserved !== 0) return refuse('the frame does not begin with 80 00');
  if (length !== payload.length) {
    return refuse(`the frame says it has ${length} bytes, but has ${payload.length}`);
  }
  if (payload.at(-1) !== FRAME_END) return refuse('the frame does not end with 81');
  if (type !== DEVICE_TYPE) return refuse(`device type ${hexByte(type)} is not a DF702 or DF703`);
  if (message === MESSAGE_PARAMETERS && length === LENGTH_PARAMETERS) return NO_TELEMETRY;
  if (message !== MESSAGE_HEARTBEAT && message !== MESSAGE_ALARM) {
    return refuse(`unknown message ${hexByte(message)} of ${length} bytes`);
  }
  if (length !== LENGTH_PLAIN && length !== LENGTH_WITH_POSITION) {
    return refuse(`a data frame has 17 or 25 bytes, not ${length}`);
  }
  return { ok: true, measurements: [readData(payload)] };
}

function dingtekCodec(name: string): Codec {
  const id = name.toLowerCase();
  return {
    model: `dingtek/${id}`,
    name: `Dingtek ${name}`,
    maker: 'Dingtek',
    source: `TheThingsNetwork/lorawan-devices vendor/dingtek/${id}-codec.yaml`,
    evidence: 'vectors',
    aliases: [`dingtek/${id}`, `dingtek-${id}`, id],
    decode: (payload, fPort) =>
      fPort === DATA_PORT ? decodeFrame(payload) : refusePort(fPort, `fPort ${DATA_PORT}`),
  };
}

/** Dingtek's ultrasonic waste-bin sensors. The two models share one layout. */
export const DINGTEK_CODECS: readonly Codec[] = [dingtekCodec('DF702'), dingtekCodec('DF703')];
