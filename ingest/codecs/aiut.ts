import { aliasesOf } from './aliases.ts';
import { BitReader } from './bit-reader.ts';
import { measured } from './build-measurement.ts';
import { hexByte, refuse, refusePort } from './codec.ts';
import type { Codec, DecodeResult } from './codec.ts';

const DATA_PORT = 3;
const FRAME_LENGTH = 6;

/** First byte of the only frame of the V2 that is known. */
const V2_HEAD = 0x81;

/** Two bits of the V2's battery: very low, low, discharging, healthy. */
const LOW_BATTERY = 1;

function signedByte(raw: number): number {
  return raw > 127 ? raw - 256 : raw;
}

/** What the hand of the gauge points at, percent; ten bits could say more than a gauge has. */
function gaugeFault(fillPercent: number): string | undefined {
  return fillPercent > 100 ? `the gauge reads ${fillPercent} %` : undefined;
}

function decodeV1(payload: Uint8Array): DecodeResult {
  const reader = new BitReader(payload);
  const fillPercent = reader.bits(10) / 10;
  reader.skip(2); // being filled, being emptied
  const failed = reader.flag();
  // Out of range only says that the device's own limits were passed: the gauge is read all the same.
  reader.skip(3); // out of range, sequence number
  const batteryV = (reader.bits(8) + 150) / 100;
  reader.skip(8); // battery percentage, which was 0 beside a full battery
  const temperatureC = signedByte(reader.bits(8));
  const sensorFault = failed ? 'measurement error' : gaugeFault(fillPercent);
  return measured({ fillPercent, batteryV, temperatureC, sensorFault });
}

function v2Fault(reader: BitReader): string | undefined {
  if (reader.flag()) return 'removed from its dial';
  reader.skip(3); // being filled, above and below the limits set
  const outOfRange = reader.flag();
  const invalid = reader.flag();
  if (invalid) return 'invalid readout';
  return outOfRange ? 'out of range' : undefined;
}

function decodeV2(payload: Uint8Array): DecodeResult {
  const reader = new BitReader(payload);
  const head = reader.bits(8);
  if (head !== V2_HEAD) return refuse(`unknown frame ${hexByte(head)}`);
  const deviceCounter = reader.bits(8);
  const temperatureC = signedByte(reader.bits(8));
  const battery = reader.bits(2);
  reader.skip(6); // buttons, radio profile
  const fillPercent = reader.bits(10) / 10;
  const sensorFault = v2Fault(reader) ?? gaugeFault(fillPercent);
  return measured({
    fillPercent,
    temperatureC,
    sensorFault,
    alarms: battery <= LOW_BATTERY ? ['low-battery'] : [],
    extras: { deviceCounter },
  });
}

function alevelCodec(version: 'V1' | 'V2', decode: (payload: Uint8Array) => DecodeResult): Codec {
  const id = `alevel-${version.toLowerCase()}`;
  return {
    model: `aiut/${id}`,
    name: `AIUT ALEVEL ${version}`,
    maker: 'AIUT',
    source: `akenza device-type-library aiut/alevel${version}`,
    evidence: 'vectors',
    aliases: aliasesOf(['aiut'], [id, `alevel${version.toLowerCase()}`]),
    decode: (payload, fPort) => {
      if (fPort !== DATA_PORT) return refusePort(fPort, `fPort ${DATA_PORT}`);
      return payload.length === FRAME_LENGTH
        ? decode(payload)
        : refuse(`a frame has ${FRAME_LENGTH} bytes, not ${payload.length}`);
    },
  };
}

/** AIUT's readers of tank gauges. What they call level is the fill that the gauge shows. */
export const AIUT_CODECS: readonly Codec[] = [
  alevelCodec('V1', decodeV1),
  alevelCodec('V2', decodeV2),
];
