import type { Measurement } from '../../domain/measurement.ts';
import { ByteReader } from './byte-reader.ts';
import { hexByte, NO_TELEMETRY, refuse, refusePort } from './codec.ts';
import type { Codec, DecodeResult } from './codec.ts';

const REPORT_PORT = 6;
const CONFIG_PORT = 7;

/** Every Netvox frame has eleven bytes, filled up with zeros. */
const FRAME_LENGTH = 11;
const FRAME_VERSION = 0x01;
const DEVICE_TYPE_R718X = 0x34;

const REPORT_VERSION = 0x00;
const REPORT_STATUS = 0x01;

/** Replies to the commands of the R718X: report interval, threshold, fill distance, dead zone. */
const CONFIG_REPLIES = new Set([0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x8b, 0x8c]);

const LOW_BATTERY_BIT = 0x80;

/** All bits set: no bin sensor measures 65 m, and no fill is 255 %. */
const NO_DISTANCE = 0xffff;
const NO_FILL = 0xff;

/** Reads the payload of a status report, from byte 3 on; its length is known to be right. */
function readStatusReport(reader: ByteReader): Measurement {
  const battery = reader.uint8();
  reader.skip(1); // nearer than the device's own threshold or not, a threshold we do not know
  const distanceMm = reader.uint16();
  const temperatureC = reader.int16() / 10;
  const fillPercent = reader.uint8();
  // The angle in the last byte stays unread: the device has no threshold that would make it "tilted".
  const said: Measurement = {
    temperatureC,
    batteryV: (battery & ~LOW_BATTERY_BIT) / 10,
    alarms: (battery & LOW_BATTERY_BIT) === 0 ? [] : ['low-battery'],
  };
  // The fill is computed from the distance, so without an echo it is worth nothing.
  if (distanceMm === NO_DISTANCE) return { ...said, sensorFault: 'no echo' };
  return fillPercent === NO_FILL ? { ...said, distanceMm } : { ...said, distanceMm, fillPercent };
}

function decodeReport(payload: Uint8Array): DecodeResult {
  const reader = new ByteReader(payload);
  const version = reader.uint8();
  if (version !== FRAME_VERSION) return refuse(`unknown frame version ${hexByte(version)}`);
  const type = reader.uint8();
  if (type !== DEVICE_TYPE_R718X) return refuse(`device type ${hexByte(type)} is not an R718X`);
  const report = reader.uint8();
  if (report === REPORT_VERSION) return NO_TELEMETRY;
  if (report !== REPORT_STATUS) return refuse(`unknown report ${hexByte(report)}`);
  return { ok: true, measurements: [readStatusReport(reader)] };
}

function decodeConfigReply(payload: Uint8Array): DecodeResult {
  const reader = new ByteReader(payload);
  const command = reader.uint8();
  if (!CONFIG_REPLIES.has(command)) return refuse(`unknown reply ${hexByte(command)}`);
  const type = reader.uint8();
  if (type !== DEVICE_TYPE_R718X) return refuse(`device type ${hexByte(type)} is not an R718X`);
  return NO_TELEMETRY;
}

function decodeR718x(payload: Uint8Array, fPort: number | undefined): DecodeResult {
  if (fPort !== REPORT_PORT && fPort !== CONFIG_PORT) {
    return refusePort(fPort, `fPort ${REPORT_PORT} and ${CONFIG_PORT}`);
  }
  if (payload.length !== FRAME_LENGTH) {
    return refuse(`a frame has ${FRAME_LENGTH} bytes, not ${payload.length}`);
  }
  return fPort === REPORT_PORT ? decodeReport(payload) : decodeConfigReply(payload);
}

/** Netvox's ultrasonic fill sensor, which computes a fill itself from distances set by command. */
export const NETVOX_CODECS: readonly Codec[] = [
  {
    model: 'netvox/r718x',
    name: 'Netvox R718X',
    maker: 'Netvox',
    source:
      'Netvox LoRaWAN Application Command; TheThingsNetwork/lorawan-devices vendor/netvox/r718x-codec.yaml',
    evidence: 'vectors',
    aliases: ['netvox/r718x', 'netvox-r718x', 'r718x'],
    decode: decodeR718x,
  },
];
