import { describe, expect, it } from 'vitest';
import { buildMeasurement, measured, percent } from './build-measurement.ts';

describe('building a measurement', () => {
  it('leaves out what the frame does not say', () => {
    expect(
      Object.keys(buildMeasurement({ distanceMm: 0, batteryV: undefined, extras: {} })),
    ).toEqual(['distanceMm']);
    expect(measured({ extras: { latitude: 0, longitude: undefined } })).toStrictEqual({
      ok: true,
      measurements: [{ extras: { latitude: 0 } }],
    });
  });

  it('keeps no level beside a fault', () => {
    expect(
      buildMeasurement({ distanceMm: 1, fillPercent: 2, temperatureC: 3, sensorFault: 'no echo' }),
    ).toStrictEqual({ temperatureC: 3, sensorFault: 'no echo' });
  });

  it('takes a frame that says nothing as valid without telemetry', () => {
    expect(measured({ batteryV: undefined, extras: { latitude: undefined } })).toEqual({
      ok: true,
      measurements: [],
    });
  });

  it.each([
    [0, 0],
    [100, 100],
    [101, undefined],
    [255, undefined],
  ])('reads the byte %i as %s percent', (raw, expected) => {
    expect(percent(raw)).toBe(expected);
  });
});
