import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillFromDistance } from './fill-from-distance.ts';
import { findGeometryMistake } from './geometry.ts';
import type { Geometry } from './geometry.ts';

const BIN: Geometry = {
  shape: 'prism',
  emptyDistanceMm: 1200,
  fullDistanceMm: 200,
  blindZoneMm: 30,
};

describe('fill from distance', () => {
  it.each([
    [1200, 0],
    [700, 50],
    [200, 100],
    [100, 110],
    [333, 86.7],
    // A floor a little further away than installed is still the floor.
    [1230, 0],
  ])('calls %d mm %d percent full', (distanceMm, fillPercent) => {
    expect(fillFromDistance(distanceMm, BIN)).toEqual({ fillPercent, quality: 'accepted' });
  });

  it('calls what lies in the blind zone full or obstructed, and suspicious', () => {
    for (const distanceMm of [0, 29, 30]) {
      expect(fillFromDistance(distanceMm, BIN)).toEqual({
        fillPercent: 100,
        quality: 'suspicious',
        reason: 'full-or-obstructed',
      });
    }
  });

  it('calls a distance of nothing obstructed, also without a blind zone', () => {
    const all = { ...BIN, blindZoneMm: 0 };
    expect(fillFromDistance(0, all)).toMatchObject({ reason: 'full-or-obstructed' });
    expect(fillFromDistance(1, all)).toMatchObject({ fillPercent: 119.9, quality: 'accepted' });
  });

  it('gives no level for a distance well beyond the floor', () => {
    expect(fillFromDistance(1261, BIN)).toMatchObject({
      fillPercent: null,
      reason: 'beyond-empty',
    });
  });

  it('never falls when the distance shrinks, outside the blind zone', () => {
    const distance = fc.integer({ min: 31, max: 1260 });
    fc.assert(
      fc.property(distance, distance, (a, b) => {
        const fill = (mm: number): number => fillFromDistance(mm, BIN).fillPercent ?? Number.NaN;
        return a <= b ? fill(a) >= fill(b) : fill(a) <= fill(b);
      }),
    );
  });
});

describe('published levels', () => {
  // The device type library of akenza: a container and the distance to its content, both cm, and the fill in whole percent.
  it.each([
    [200, 123.4, 38],
    [600, 261.2, 56],
  ])(
    'of a container %d cm deep: %d cm to the waste is %d percent',
    (heightCm, distanceCm, fill) => {
      const geometry: Geometry = {
        shape: 'prism',
        emptyDistanceMm: heightCm * 10,
        fullDistanceMm: 0,
        blindZoneMm: 0,
      };
      const { fillPercent } = fillFromDistance(distanceCm * 10, geometry);
      expect(Math.abs((fillPercent ?? Number.NaN) - fill)).toBeLessThanOrEqual(0.5);
    },
  );
});

const MEASURES = { emptyDistanceMm: 1200, fullDistanceMm: 200, blindZoneMm: 30 };

describe('a taper', () => {
  const cone = (areaRatio: number): Geometry => ({ ...MEASURES, shape: 'taper', areaRatio });

  it('holds less below and more above where it opens upwards', () => {
    // Lengths from 1/2 to 1: a frustum of height 1 has (1 + 1/2 + 1/4) / 3 = 7/12, and its lower half, with 3/4 in the
    // middle, (1/4 + 3/8 + 9/16) / 6 = 19/96.
    expect(fillFromDistance(700, cone(0.25))).toEqual({
      fillPercent: 33.9,
      quality: 'accepted',
    });
    expect(fillFromDistance(700, cone(4)).fillPercent).toBe(66.1);
  });

  it('goes straight up from the area at its full line', () => {
    // A tenth of the height over the area 1, of a volume of 7/12.
    expect(fillFromDistance(100, cone(0.25)).fillPercent).toBe(117.1);
  });
});

describe('a strapping table', () => {
  const trough: Geometry = {
    ...MEASURES,
    shape: 'strapping-table',
    strappingTable: [
      { heightMm: 0, litres: 0 },
      { heightMm: 500, litres: 120 },
      { heightMm: 1000, litres: 300 },
      { heightMm: 1100, litres: 360 },
    ],
  };

  it.each([
    [1200, 0],
    [950, 20],
    [700, 40],
    [450, 70],
    [200, 100],
    [150, 110],
    [50, 130],
  ])('puts straight lines between its rows: %d mm is %d percent', (distanceMm, fillPercent) => {
    expect(fillFromDistance(distanceMm, trough)).toEqual({ fillPercent, quality: 'accepted' });
  });
});

describe('a sensor that does not mind the temperature', () => {
  const cold: Geometry = { ...BIN, temperatureReferenceC: 20 };

  it('has its distances corrected by the temperature of the reading', () => {
    // Sound is slower in the cold, so the echo came later than the distance deserved: 700 mm are 650.5.
    expect(fillFromDistance(700, cold, -20)).toEqual({ fillPercent: 55, quality: 'accepted' });
    expect(fillFromDistance(700, cold, 20)).toEqual(fillFromDistance(700, BIN));
    expect(fillFromDistance(1300, cold, -20)).toMatchObject({ fillPercent: 0 });
    expect(fillFromDistance(1300, cold, 20)).toMatchObject({ reason: 'beyond-empty' });
  });

  it('is not quite believed without one', () => {
    expect(fillFromDistance(700, cold)).toEqual({
      fillPercent: 50,
      quality: 'suspicious',
      reason: 'no-temperature',
    });
  });

  it('says as it measured that something is in its blind zone', () => {
    expect(fillFromDistance(30, cold, 60)).toMatchObject({ reason: 'full-or-obstructed' });
    expect(fillFromDistance(31, cold, -40)).toMatchObject({ quality: 'accepted' });
  });
});

const geometries = fc
  .record({
    fullDistanceMm: fc.integer({ min: 40, max: 1000 }),
    depthMm: fc.integer({ min: 100, max: 4000 }),
    areaRatio: fc.double({ min: 0.01, max: 100, noNaN: true }),
    steps: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 }),
    shape: fc.constantFrom('prism', 'taper', 'strapping-table'),
  })
  .map(({ fullDistanceMm, depthMm, areaRatio, steps, shape }): Geometry => {
    const measures = { fullDistanceMm, emptyDistanceMm: fullDistanceMm + depthMm, blindZoneMm: 30 };
    if (shape === 'prism') return { ...measures, shape };
    if (shape === 'taper') return { ...measures, shape, areaRatio };
    let litres = 0;
    const rows = steps.map((step, index) => {
      litres += step;
      return { heightMm: ((index + 1) * depthMm) / steps.length, litres };
    });
    // The last row stands exactly at the full line.
    const last = { heightMm: depthMm, litres };
    const strappingTable = [{ heightMm: 0, litres: 0 }, ...rows.slice(0, -1), last];
    return { ...measures, shape, strappingTable };
  });

describe('every shape', () => {
  it('is sound, 0 at its floor and 100 at its full line', () => {
    fc.assert(
      fc.property(geometries, (geometry) => {
        expect(findGeometryMistake(geometry)).toBeUndefined();
        expect(fillFromDistance(geometry.emptyDistanceMm, geometry).fillPercent).toBe(0);
        expect(fillFromDistance(geometry.fullDistanceMm, geometry).fillPercent).toBe(100);
      }),
    );
  });

  it('never falls when the distance shrinks, overfull or not', () => {
    const distance = fc.integer({ min: 31, max: 5200 });
    fc.assert(
      fc.property(geometries, distance, distance, (geometry, a, b) => {
        const [near, far] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(far <= geometry.emptyDistanceMm * 1.05);
        const fill = (mm: number): number =>
          fillFromDistance(mm, geometry).fillPercent ?? Number.NaN;
        expect(fill(near)).toBeGreaterThanOrEqual(fill(far));
      }),
    );
  });

  it('is a prism where its areas are equal, or its table is a straight line', () => {
    fc.assert(
      fc.property(fc.integer({ min: 31, max: 1260 }), (distanceMm) => {
        const prism = fillFromDistance(distanceMm, BIN).fillPercent;
        const taper: Geometry = { ...MEASURES, shape: 'taper', areaRatio: 1 };
        expect(fillFromDistance(distanceMm, taper).fillPercent).toBe(prism);
        const rows = [0, 250, 500, 1000].map((heightMm) => ({ heightMm, litres: heightMm / 4 }));
        const table: Geometry = { ...MEASURES, shape: 'strapping-table', strappingTable: rows };
        expect(fillFromDistance(distanceMm, table).fillPercent).toBeCloseTo(prism ?? Number.NaN, 0);
      }),
    );
  });
});
