import type { Measurement } from '../../domain/measurement.ts';
import type { DecodedMapping } from '../sources/source.ts';
import { toFillPercent, toMillimetres, toVolts } from './scale-values.ts';

/** What a mapping finds in an object, or what is wrong at which path. */
export type MappedResult =
  | { readonly ok: true; readonly measurement: Measurement }
  | { readonly ok: false; readonly problem: string };

/**
 * Takes the values out of an object that somebody else has decoded. A path that is not there, or holds null, is a value that
 * this message lacks (a frame with the battery alone is normal); when none is there, the mapping is of another kind of object.
 */
export function readMapped(decoded: unknown, mapping: DecodedMapping): MappedResult {
  const problems: string[] = [];
  const number = (path: string): number | undefined => {
    const value = valueAt(decoded, path);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    problems.push(`${path}: expected a number, got ${describe(value)}`);
    return undefined;
  };
  const measurement = toMeasurement(mapping, number, (path) => {
    const value = valueAt(decoded, path);
    if (value === undefined || value === null) return undefined;
    const tilted = toTilted(value);
    if (tilted === undefined) {
      problems.push(`${path}: expected true, false, 0, 1 or tilt, got ${describe(value)}`);
    }
    return tilted;
  });
  const [problem] = problems;
  if (problem !== undefined) return { ok: false, problem };
  if (Object.keys(measurement).length > 0) return { ok: true, measurement };
  const paths = Object.values(mapping).map(({ path }) => path);
  return { ok: false, problem: `there is nothing at ${paths.join(', ') || 'any path'}` };
}

function toMeasurement(
  mapping: DecodedMapping,
  number: (path: string) => number | undefined,
  truth: (path: string) => boolean | undefined,
): Measurement {
  const { distance, fill, temperatureC, batteryPercent, batteryVoltage, tilted } = mapping;
  const length = distance && number(distance.path);
  const level = fill && number(fill.path);
  const volts = batteryVoltage && number(batteryVoltage.path);
  const values = {
    distanceMm: distance && length !== undefined ? toMillimetres(length, distance.unit) : undefined,
    fillPercent: fill && level !== undefined ? toFillPercent(level, fill.scale) : undefined,
    temperatureC: temperatureC && number(temperatureC.path),
    batteryPercent: batteryPercent && number(batteryPercent.path),
    batteryV:
      batteryVoltage && volts !== undefined ? toVolts(volts, batteryVoltage.unit) : undefined,
  };
  const isTilted = tilted && truth(tilted.path);
  // Only what is there: an absent value is no field at all.
  const present = Object.entries(values).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(present),
    ...(isTilted !== undefined && { tilted: isTilted }),
  };
}

/** A name of the path may also be the whole rest of it: some decoders write names with dots in them. */
function valueAt(object: unknown, path: string): unknown {
  if (typeof object !== 'object' || object === null) return undefined;
  // Only what the document itself has: `constructor` is no value of a sensor.
  if (Object.hasOwn(object, path)) return ownValue(object, path);
  const dot = path.indexOf('.');
  if (dot < 0) return undefined;
  return valueAt(ownValue(object, path.slice(0, dot)), path.slice(dot + 1));
}

function ownValue(object: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(object, name)?.value;
}

const TILTED = new Map<unknown, boolean>([
  [true, true],
  [1, true],
  ['tilt', true],
  ['tilted', true],
  [false, false],
  [0, false],
  ['normal', false],
]);

function toTilted(value: unknown): boolean | undefined {
  return TILTED.get(typeof value === 'string' ? value.toLowerCase() : value);
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `"${value}"`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return 'an object';
}
