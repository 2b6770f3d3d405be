import type { Measurement, MeasurementExtras } from '../../domain/measurement.ts';
import { NO_TELEMETRY } from './codec.ts';
import type { DecodeResult } from './codec.ts';

type Loose<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

/** A measurement as a codec has read it: what the frame does not say is `undefined`. */
interface Said extends Loose<Omit<Measurement, 'extras'>> {
  readonly extras?: Loose<MeasurementExtras>;
}

function omitUndefined<T extends object>(values: Loose<T>): T {
  const said: { -readonly [Key in keyof T]?: T[Key] | undefined } = {};
  for (const key in values) if (values[key] !== undefined) said[key] = values[key];
  // Safe: only entries that are `undefined` are left out, and those are the optional ones.
  return said as T;
}

/** Leaves out what is `undefined`. A sensor that reports a fault has no level, so with one no level is kept. */
export function buildMeasurement({ extras, ...values }: Said): Measurement {
  const { sensorFault } = values;
  const believed =
    sensorFault === undefined
      ? values
      : { ...values, distanceMm: undefined, fillPercent: undefined };
  const said = omitUndefined<Omit<Measurement, 'extras'>>(believed);
  const more = omitUndefined<MeasurementExtras>(extras ?? {});
  return Object.keys(more).length === 0 ? said : { ...said, extras: more };
}

/** The result of a frame with one measurement, or without telemetry when nothing is left to say. */
export function measured(said: Said): DecodeResult {
  const measurement = buildMeasurement(said);
  return Object.keys(measurement).length === 0
    ? NO_TELEMETRY
    : { ok: true, measurements: [measurement] };
}

/** A byte as a percentage; above 100 it stands for "unknown" or for an error, whatever its value. */
export function percent(raw: number): number | undefined {
  return raw <= 100 ? raw : undefined;
}
