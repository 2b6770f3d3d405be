import { describe, expect, it } from 'vitest';
import { findImpossible } from './measurement.ts';

describe('an impossible measurement', () => {
  it.each([
    [{ fillPercent: -0.1 }],
    [{ fillPercent: 201 }],
    [{ fillPercent: Number.NaN }],
    [{ distanceMm: Number.POSITIVE_INFINITY }],
    [{ distanceMm: 20_001 }],
    [{ temperatureC: -61 }],
    [{ batteryPercent: 101 }],
    [{ batteryV: -1 }],
  ])('is found, and the value named: %o', (measurement) => {
    expect(findImpossible(measurement)).toContain(Object.keys(measurement)[0]);
  });

  it('is not one at the edges', () => {
    expect(
      findImpossible({ fillPercent: 200, distanceMm: 0, temperatureC: -60, batteryPercent: 100 }),
    ).toBeUndefined();
  });
});
