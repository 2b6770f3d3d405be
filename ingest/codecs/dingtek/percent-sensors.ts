import type { Measurement } from '../../../domain/measurement.ts';
import { buildMeasurement, percent } from '../build-measurement.ts';
import type { ByteReader } from '../byte-reader.ts';
import type { Codec } from '../codec.ts';
import { dingtekCodec, USUAL_DEVICE_TYPE } from './frame.ts';

/** No sensor measures more than all. */
const NO_LEVEL = 'no level';

/**
 * The frames of both models are alike but for the two bytes that a DF400 has more: a level in a unit of
 * its own, beside the percentage. The flag behind the percentage is left unread: by the maker's
 * examples it tells of a low level, and there is no alarm for that.
 */
function readData(reader: ByteReader, bytesBeforePercent: number): Measurement {
  const batteryV = reader.uint16() / 100;
  const lowBattery = (reader.uint8() & 0x0f) !== 0;
  const temperatureC = reader.int8();
  reader.skip(bytesBeforePercent);
  const fillPercent = percent(reader.uint8());
  reader.skip(1);
  const deviceCounter = reader.uint16();
  return buildMeasurement({
    fillPercent,
    temperatureC,
    batteryV,
    alarms: lowBattery ? ['low-battery'] : [],
    sensorFault: fillPercent === undefined ? NO_LEVEL : undefined,
    extras: { deviceCounter },
  });
}

/** Sensors that compute a fill themselves. */
export const PERCENT_SENSOR_CODECS: readonly Codec[] = [
  dingtekCodec({
    name: 'DF200',
    deviceType: USUAL_DEVICE_TYPE,
    parameterBytes: 13,
    data: new Map([[15, (reader) => readData(reader, 0)]]),
  }),
  dingtekCodec({
    name: 'DF400',
    deviceType: USUAL_DEVICE_TYPE,
    parameterBytes: 13,
    data: new Map([[17, (reader) => readData(reader, 2)]]),
  }),
];
