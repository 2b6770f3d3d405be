import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeFill } from '../../../domain/judge-fill.ts';
import type { Trace } from '../../api/bins.ts';
import { followsFormula, geometryOf, originOf } from './level-origin.ts';

const MEASURES = {
  shape: 'prism',
  emptyDistanceMm: 1500,
  fullDistanceMm: 300,
  blindZoneMm: 200,
} as const;

/** What the API says of a geometry: all fields, those that do not fit its shape empty. */
const UNSET = { areaRatio: null, strappingTable: null, temperatureReferenceC: null };

/** The reading as ingest judges these raw values. */
function judged(
  distanceMm: number | null,
  reportedFillPercent: number | null,
  geometry: typeof MEASURES | null,
  {
    sensorFault = null,
    badClock = false,
  }: { sensorFault?: string | null; badClock?: boolean } = {},
): Pick<Trace, 'reading' | 'geometry'> {
  const level = { distanceMm, reportedFillPercent, temperatureC: null, sensorFault, badClock };
  const { fillPercent, quality, reason = null } = judgeFill(level, geometry);
  const reading = {
    id: 1,
    binId: 'bin-1',
    deviceId: 'dev-1',
    observedAt: '2026-03-01T12:00:00.000Z',
    receivedAt: '2026-03-01T12:00:01.000Z',
    late: false,
    fillPercent,
    quality,
    qualityReason: reason,
    distanceMm,
    reportedFillPercent,
    temperatureC: null,
    batteryPercent: null,
    batteryV: null,
    tilted: null,
    alarms: [],
    extras: {},
    sensorFault,
    recomputePending: false,
  };
  return { reading, geometry: geometry && { ...UNSET, ...geometry } };
}

describe('the origin of a fill', () => {
  test('is the distance where the measures of the bin are known', () => {
    expect(originOf(judged(600, null, MEASURES))).toBe('distance');
  });

  test('is the distance even when the sensor reports a fill of its own beside it', () => {
    const both = judged(600, 20, MEASURES);
    expect(both.reading.fillPercent).toBe(75);
    expect(originOf(both)).toBe('distance');
    expect(followsFormula(both)).toBe(true);
  });

  test('is the report of the sensor where there are no measures, or no distance', () => {
    expect(originOf(judged(600, 20, null))).toBe('reported');
    expect(originOf(judged(null, 20, MEASURES))).toBe('reported');
  });

  test('is missing for want of measures, or because the reading was of no use', () => {
    expect(originOf(judged(600, null, null))).toBe('no-measures');
    expect(originOf(judged(4000, null, MEASURES))).toBe('no-level');
    expect(originOf(judged(600, null, MEASURES, { sensorFault: 'echo' }))).toBe('no-level');
  });
});

describe('a geometry', () => {
  const told = { ...UNSET, ...MEASURES };

  test('of which something is not known is none', () => {
    expect(geometryOf(null)).toBeUndefined();
    expect(geometryOf({ ...told, fullDistanceMm: null })).toBeUndefined();
    expect(geometryOf({ ...told, shape: null })).toBeUndefined();
    expect(geometryOf({ ...told, shape: 'taper' })).toBeUndefined();
    expect(geometryOf({ ...told, shape: 'strapping-table' })).toBeUndefined();
  });

  test('is the one that fills are computed with', () => {
    const strappingTable = [
      { heightMm: 0, litres: 0 },
      { heightMm: 1200, litres: 500 },
    ];
    expect(geometryOf({ ...told, blindZoneMm: null })).toEqual({ ...MEASURES, blindZoneMm: 0 });
    expect(geometryOf({ ...told, shape: 'taper', areaRatio: 0.6 })).toEqual({
      ...MEASURES,
      shape: 'taper',
      areaRatio: 0.6,
    });
    expect(
      geometryOf({ ...told, shape: 'strapping-table', strappingTable, temperatureReferenceC: 20 }),
    ).toEqual({ ...MEASURES, shape: 'strapping-table', strappingTable, temperatureReferenceC: 20 });
  });
});

test('the formula is shown only where it gives the very fill that is shown', () => {
  const distance = fc.option(fc.integer({ min: 0, max: 1600 }));
  const reported = fc.option(fc.integer({ min: 0, max: 100 }));
  const geometry = fc.constantFrom(MEASURES, null);
  fc.assert(
    fc.property(distance, reported, geometry, fc.boolean(), (distanceMm, fill, known, badClock) => {
      const parts = judged(distanceMm, fill, known, { badClock });
      if (!followsFormula(parts)) return;
      const share = (1500 - (distanceMm ?? Number.NaN)) / (1500 - 300);
      // A floor a little deeper than installed counts as empty; fills are kept in tenths.
      const difference = (parts.reading.fillPercent ?? Number.NaN) - Math.max(0, share * 100);
      expect(Math.abs(difference)).toBeLessThan(0.051);
    }),
  );
});

test('the formula is not shown for a surface within the blind zone, which counts as full', () => {
  const near = judged(100, null, MEASURES);
  expect(near.reading.fillPercent).toBe(100);
  expect(originOf(near)).toBe('distance');
  expect(followsFormula(near)).toBe(false);
});

test('the formula is not shown for a reading that a correction has not come to yet', () => {
  const parts = judged(600, null, MEASURES);
  expect(followsFormula(parts)).toBe(true);
  expect(followsFormula({ ...parts, reading: { ...parts.reading, recomputePending: true } })).toBe(
    false,
  );
});
