import type { Measurement } from '../../domain/measurement.ts';
import { aliasesOf } from './aliases.ts';
import { buildMeasurement, percent } from './build-measurement.ts';
import { ByteReader } from './byte-reader.ts';
import { hexByte, NO_TELEMETRY, refuse, refusePort } from './codec.ts';
import type { Codec, DecodeResult } from './codec.ts';

const REPORT_PORT = 6;
const CONFIG_PORT = 7;

/** Every Netvox frame has eleven bytes, filled up with zeros. */
const FRAME_LENGTH = 11;
const FRAME_VERSION = 0x01;

const REPORT_VERSION = 0x00;
const REPORT_STATUS = 0x01;

const LOW_BATTERY_BIT = 0x80;

/** All bits set: no bin sensor measures 65 m. */
const NO_DISTANCE = 0xffff;

/** More than this is no lean. */
const HALF_TURN = 180;

/** What tells the frames of one model from those of another. */
interface Layout {
  readonly name: string;
  readonly deviceType: number;
  /** Replies to the model's commands. */
  readonly replies: ReadonlySet<number>;
  /** Reads a status report from byte 4 on; its length is known to be right. */
  readonly readStatus: (reader: ByteReader) => Measurement;
}

/** Report interval, threshold, fill distance, dead zone. */
const BIN_REPLIES = new Set([0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x8b, 0x8c]);
/** Report interval, and what is measured: water or a fuel. */
const DEPTH_REPLIES = new Set([0x81, 0x82, 0x83, 0x84]);

/** Without an echo, a fill that was computed from the distance is worth nothing. */
function distanceFault(distanceMm: number): string | undefined {
  return distanceMm === NO_DISTANCE ? 'no echo' : undefined;
}

function readR718x(reader: ByteReader): Measurement {
  reader.skip(1); // nearer than the device's own threshold or not, a threshold we do not know
  const distanceMm = reader.uint16();
  const temperatureC = reader.int16() / 10;
  const fillPercent = percent(reader.uint8());
  const angle = reader.uint8();
  // The device has no threshold that would make it "tilted".
  const extras = { tiltDegrees: angle <= HALF_TURN ? angle : undefined };
  const sensorFault = distanceFault(distanceMm);
  return buildMeasurement({ distanceMm, fillPercent, temperatureC, extras, sensorFault });
}

function readR718pe(reader: ByteReader): Measurement {
  reader.skip(1); // as above
  const distanceMm = reader.uint16();
  const fillPercent = percent(reader.uint8());
  return buildMeasurement({ distanceMm, fillPercent, sensorFault: distanceFault(distanceMm) });
}

/**
 * A depth of liquid, which counts from the floor up. The distances of a mounting count from the sensor
 * down, so with one there is no right fill of it.
 */
function readR718pa22(reader: ByteReader): Measurement {
  const distanceMm = reader.uint16();
  const temperatureC = reader.int16();
  const installed = reader.uint8() === 0;
  const sensorFault = installed ? distanceFault(distanceMm) : 'installation failed';
  return buildMeasurement({ distanceMm, temperatureC, sensorFault });
}

const LAYOUTS: readonly Layout[] = [
  { name: 'R718X', deviceType: 0x34, replies: BIN_REPLIES, readStatus: readR718x },
  { name: 'R718PE', deviceType: 0xb1, replies: BIN_REPLIES, readStatus: readR718pe },
  { name: 'R718PA22', deviceType: 0x9b, replies: DEPTH_REPLIES, readStatus: readR718pa22 },
];

function refuseType(type: number, layout: Layout): DecodeResult {
  return refuse(`device type ${hexByte(type)} is not an ${layout.name}`);
}

function decodeReport(reader: ByteReader, layout: Layout): DecodeResult {
  const version = reader.uint8();
  if (version !== FRAME_VERSION) return refuse(`unknown frame version ${hexByte(version)}`);
  const type = reader.uint8();
  if (type !== layout.deviceType) return refuseType(type, layout);
  const report = reader.uint8();
  if (report === REPORT_VERSION) return NO_TELEMETRY;
  if (report !== REPORT_STATUS) return refuse(`unknown report ${hexByte(report)}`);
  const battery = reader.uint8();
  const measurement: Measurement = {
    ...layout.readStatus(reader),
    batteryV: (battery & ~LOW_BATTERY_BIT) / 10,
    alarms: (battery & LOW_BATTERY_BIT) === 0 ? [] : ['low-battery'],
  };
  return { ok: true, measurements: [measurement] };
}

function decodeReply(reader: ByteReader, layout: Layout): DecodeResult {
  const command = reader.uint8();
  if (!layout.replies.has(command)) return refuse(`unknown reply ${hexByte(command)}`);
  const type = reader.uint8();
  return type === layout.deviceType ? NO_TELEMETRY : refuseType(type, layout);
}

function decode(payload: Uint8Array, fPort: number | undefined, layout: Layout): DecodeResult {
  if (fPort !== REPORT_PORT && fPort !== CONFIG_PORT) {
    return refusePort(fPort, `fPort ${REPORT_PORT} and ${CONFIG_PORT}`);
  }
  if (payload.length !== FRAME_LENGTH) {
    return refuse(`a frame has ${FRAME_LENGTH} bytes, not ${payload.length}`);
  }
  const reader = new ByteReader(payload);
  return fPort === REPORT_PORT ? decodeReport(reader, layout) : decodeReply(reader, layout);
}

/**
 * Netvox's ultrasonic sensors, which compute a fill themselves from distances set by command, and its
 * probe for the depth of liquids.
 */
export const NETVOX_CODECS: readonly Codec[] = LAYOUTS.map((layout) => {
  const id = layout.name.toLowerCase();
  return {
    model: `netvox/${id}`,
    name: `Netvox ${layout.name}`,
    maker: 'Netvox',
    source: `Netvox LoRaWAN Application Command; TheThingsNetwork/lorawan-devices vendor/netvox/${id}-codec.yaml`,
    evidence: 'vectors',
    aliases: aliasesOf(['netvox'], [id]),
    decode: (payload, fPort) => decode(payload, fPort, layout),
  };
});
