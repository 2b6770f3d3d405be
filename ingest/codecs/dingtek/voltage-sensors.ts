import type { Measurement } from '../../../domain/measurement.ts';
import { buildMeasurement } from '../build-measurement.ts';
import type { ByteReader } from '../byte-reader.ts';
import type { Codec } from '../codec.ts';
import { readDistance, readFlags, readPosition } from './fields.ts';
import { dingtekCodec, USUAL_DEVICE_TYPE } from './frame.ts';

const LENGTH_PLAIN = 18;
const LENGTH_WITH_POSITION = 26;

interface Said {
  readonly measurement: Measurement;
  readonly level: { readonly distanceMm: number; readonly sensorFault?: string };
}

function readData(reader: ByteReader, withPosition: boolean): Said {
  const level = readDistance(reader);
  reader.skip(1); // whether a position follows, which the length has said already
  const position = withPosition ? readPosition(reader) : undefined;
  reader.skip(3); // the temperature and angle of other models
  const alarms = readFlags(reader, ['full', undefined, undefined, 'low-battery']);
  const batteryV = reader.uint16() / 100;
  const deviceCounter = reader.uint16();
  const extras = { ...position, deviceCounter };
  return { level, measurement: buildMeasurement({ batteryV, alarms, extras }) };
}

/** A laser for bins: the level is a distance. */
function readLaser(reader: ByteReader): Measurement {
  const { level, measurement } = readData(reader, false);
  return buildMeasurement({ ...measurement, ...level });
}

/** A pressure probe: its level is in a unit of its own, and counts from the floor up, so it is no distance. */
function readProbe(reader: ByteReader, withPosition: boolean): Measurement {
  return readData(reader, withPosition).measurement;
}

/** Sensors that say their voltage, and no temperature. */
export const VOLTAGE_SENSOR_CODECS: readonly Codec[] = [
  dingtekCodec({
    name: 'DF701',
    deviceType: USUAL_DEVICE_TYPE,
    parameterBytes: 12,
    data: new Map([[LENGTH_PLAIN, readLaser]]),
  }),
  dingtekCodec({
    name: 'DF556',
    deviceType: 0x16,
    parameterBytes: 17,
    data: new Map([
      [LENGTH_PLAIN, (reader) => readProbe(reader, false)],
      [LENGTH_WITH_POSITION, (reader) => readProbe(reader, true)],
    ]),
  }),
];
