import { aliasesOf } from './aliases.ts';
import { measured } from './build-measurement.ts';
import { ByteReader } from './byte-reader.ts';
import { NO_TELEMETRY, refuse, refusePort } from './codec.ts';
import type { Codec, DecodeResult } from './codec.ts';

const DATA_PORT = 1;
const ERROR_PORT = 2;
const CHARGING_PORT = 3;

const STATUS_OK = 0;
const STATUS_NO_TARGET = 4;

/** All bits set; the sensor sees a few metres. */
const NO_DISTANCE_CM = 0xffff;

/** Battery and distance; a status and a climate of four bytes may follow. */
const LENGTHS = [3, 4, 7, 8];
const LENGTHS_WITH_STATUS = new Set([4, 8]);
const LENGTHS_WITH_CLIMATE = new Set([7, 8]);

/** In tenths of a volt above 2 V. */
function readBattery(reader: ByteReader): number {
  return (20 + reader.uint8()) / 10;
}

function faultOf(status: number): string | undefined {
  if (status === STATUS_OK) return undefined;
  return status === STATUS_NO_TARGET ? 'no target' : `error code ${status}`;
}

function decodeData(payload: Uint8Array): DecodeResult {
  if (!LENGTHS.includes(payload.length)) {
    return refuse(`a frame has ${LENGTHS.join(', ')} bytes, not ${payload.length}`);
  }
  const reader = new ByteReader(payload);
  const batteryV = readBattery(reader);
  const distanceCm = reader.uint16();
  const status = LENGTHS_WITH_STATUS.has(payload.length) ? reader.uint8() : STATUS_OK;
  const hasClimate = LENGTHS_WITH_CLIMATE.has(payload.length);
  const temperatureC = hasClimate ? reader.int16() / 100 : undefined;
  const humidityPercent = hasClimate ? reader.uint16() / 100 : undefined;
  const sensorFault = faultOf(distanceCm === NO_DISTANCE_CM ? STATUS_NO_TARGET : status);
  return measured({
    batteryV,
    temperatureC,
    sensorFault,
    distanceMm: distanceCm * 10,
    extras: { humidityPercent },
  });
}

/** Battery and the code of what went wrong. */
function decodeError(payload: Uint8Array): DecodeResult {
  if (payload.length !== 2) return refuse(`an error has 2 bytes, not ${payload.length}`);
  const reader = new ByteReader(payload);
  const batteryV = readBattery(reader);
  const code = reader.uint8();
  return measured({ batteryV, sensorFault: faultOf(code) ?? `error code ${code}` });
}

function decodeTeneo(payload: Uint8Array, fPort: number | undefined): DecodeResult {
  if (fPort === DATA_PORT) return decodeData(payload);
  if (fPort === ERROR_PORT) return decodeError(payload);
  // On its charger it stands in a workshop, in no bin; its voltage there is the charger's.
  if (fPort === CHARGING_PORT) return NO_TELEMETRY;
  return refusePort(fPort, `fPort ${DATA_PORT}, ${ERROR_PORT} and ${CHARGING_PORT}`);
}

/** Teneo's fill sensor, which measures in whole centimetres. */
export const TENEO_CODECS: readonly Codec[] = [
  {
    model: 'teneo/filling-degree-sensor',
    name: 'Teneo IoT Filling Degree Sensor',
    maker: 'Teneo IoT',
    source: 'TheThingsNetwork/lorawan-devices vendor/teneo-iot/filling-degree-sensor-codec.yaml',
    evidence: 'vectors',
    aliases: aliasesOf(['teneo', 'teneo-iot'], ['filling-degree-sensor', 'filling-degree']),
    decode: decodeTeneo,
  },
];
