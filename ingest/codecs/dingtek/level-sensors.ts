import type { Measurement } from '../../../domain/measurement.ts';
import { buildMeasurement } from '../build-measurement.ts';
import type { ByteReader } from '../byte-reader.ts';
import type { Codec } from '../codec.ts';
import { readDistance, readFlags, readPosition } from './fields.ts';
import type { FlagMeanings } from './fields.ts';
import { dingtekCodec, USUAL_DEVICE_TYPE } from './frame.ts';

const LENGTH_PLAIN = 17;
const LENGTH_WITH_POSITION = 25;

/** More than this is no lean. */
const HALF_TURN = 180;

interface Model {
  readonly name: string;
  readonly flags: FlagMeanings;
  readonly hasAngle: boolean;
  readonly hasPosition: boolean;
  readonly parameterBytes: number;
}

/** Of waste bins. */
const BIN = {
  flags: ['full', 'fire', 'tilt', 'low-battery'],
  hasAngle: true,
  hasPosition: true,
  parameterBytes: 25,
} as const;

/** Of manholes. */
const MANHOLE = { hasAngle: true, hasPosition: false, parameterBytes: 25 } as const;

/**
 * Of tanks. The DF530 is a float gauge for gas: its first flag means that the tank is empty, and its
 * distance counts from the floor up, unlike those of a mounting.
 */
const TANK = { hasAngle: false, hasPosition: true } as const;

const MODELS: readonly Model[] = [
  { name: 'DF702', ...BIN },
  { name: 'DF703', ...BIN },
  { name: 'DC410', ...MANHOLE, flags: ['full', undefined, 'moved', 'low-battery'] },
  { name: 'DC413', ...MANHOLE, flags: ['full', undefined, 'tilt', 'low-battery'] },
  {
    name: 'DF530',
    ...TANK,
    parameterBytes: 25,
    flags: [undefined, undefined, undefined, 'low-battery'],
  },
  {
    name: 'DF555',
    ...TANK,
    parameterBytes: 17,
    flags: ['full', undefined, undefined, 'low-battery'],
  },
];

function readData(reader: ByteReader, model: Model, withPosition: boolean): Measurement {
  const level = readDistance(reader);
  reader.skip(1); // whether a position follows, which the length has said already
  const position = withPosition ? readPosition(reader) : undefined;
  // Signed, unlike in the maker's example decoder: -5 °C would be a fire of 251 °C.
  const temperatureC = reader.int8();
  reader.skip(1); // to which side it leans; how far is in the next byte
  const angle = reader.uint8();
  const alarms = readFlags(reader, model.flags);
  const deviceCounter = reader.uint16();
  const tiltDegrees = model.hasAngle && angle <= HALF_TURN ? angle : undefined;
  return buildMeasurement({
    ...level,
    temperatureC,
    tilted: model.flags.includes('tilt') ? alarms.includes('tilt') : undefined,
    alarms,
    extras: { ...position, tiltDegrees, deviceCounter },
  });
}

/** Ultrasonic sensors and a float gauge of one layout, which their flags tell apart. */
export const LEVEL_SENSOR_CODECS: readonly Codec[] = MODELS.map((model) =>
  dingtekCodec({
    name: model.name,
    deviceType: USUAL_DEVICE_TYPE,
    parameterBytes: model.parameterBytes,
    data: new Map([
      [LENGTH_PLAIN, (reader) => readData(reader, model, false)],
      ...(model.hasPosition
        ? [[LENGTH_WITH_POSITION, (reader: ByteReader) => readData(reader, model, true)] as const]
        : []),
    ]),
  }),
);
