import { aliasesOf } from './aliases.ts';
import { measured } from './build-measurement.ts';
import { ByteReader } from './byte-reader.ts';
import { hexByte, NO_TELEMETRY, refuse } from './codec.ts';
import type { Codec, DecodeResult } from './codec.ts';

const MESSAGE_DISTANCE = 0x10;
const DISTANCE_LENGTH = 5;

/** Messages of every Radio Bridge sensor that measure nothing: their content is not looked at. */
const SIGNS_OF_LIFE = new Set([
  0x00, // reset
  0x01, // supervisory
  0xfb, // link quality
  0xfc, // too many messages
  0xfd, // test
  0xff, // acknowledgement of a command
]);

/** Periodic, above and below a threshold, increase, decrease. */
const LAST_EVENT = 4;

/** All bits set; the sensor sees five metres. */
const NO_DISTANCE = 0xffff;

function decodeFrame(payload: Uint8Array): DecodeResult {
  const reader = new ByteReader(payload);
  const head = reader.uint8();
  const message = reader.uint8();
  if (reader.overrun) return refuse(`a frame has more than ${payload.length} bytes`);
  if (SIGNS_OF_LIFE.has(message)) return NO_TELEMETRY;
  if (message !== MESSAGE_DISTANCE) return refuse(`unknown message ${hexByte(message)}`);
  if (payload.length !== DISTANCE_LENGTH) {
    return refuse(`a distance has ${DISTANCE_LENGTH} bytes, not ${payload.length}`);
  }
  const event = reader.uint8();
  if (event > LAST_EVENT) return refuse(`unknown event ${hexByte(event)}`);
  const distanceMm = reader.uint16();
  const sensorFault = distanceMm === NO_DISTANCE ? 'no echo' : undefined;
  return measured({ distanceMm, sensorFault, extras: { deviceCounter: head & 0x0f } });
}

/** Radio Bridge's (MultiTech's) ultrasonic level sensor. */
export const RADIO_BRIDGE_CODECS: readonly Codec[] = [
  {
    model: 'radio-bridge/rbs306-us',
    name: 'Radio Bridge RBS306-US',
    maker: 'Radio Bridge',
    source: 'Radio Bridge ultrasonic level sensor user guide; lorawan-devices vendor/radio-bridge',
    evidence: 'layout',
    aliases: aliasesOf(
      ['radio-bridge', 'multitech'],
      ['rbs306-us', 'rbs306-us5m', 'rbs301-us5m', 'rbs306-us5m-us'],
    ),
    // The message says what it is; no document at hand names the port.
    decode: (payload) => decodeFrame(payload),
  },
];
