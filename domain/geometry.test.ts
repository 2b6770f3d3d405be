import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillFromDistance, findGeometryMistake } from './geometry.ts';
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

describe('a geometry', () => {
  it('is accepted when it describes a bin', () => {
    expect(findGeometryMistake(BIN)).toBeUndefined();
  });

  it.each([
    [{ emptyDistanceMm: 200 }, /must be larger than the full distance/],
    [{ blindZoneMm: 300 }, /inside the blind zone/],
    [{ emptyDistanceMm: 199 }, /must be larger than the full distance/],
    [{ fullDistanceMm: -1 }, /fullDistanceMm must be between/],
    [{ emptyDistanceMm: Number.NaN }, /emptyDistanceMm must be between/],
    [{ emptyDistanceMm: 1e9 }, /emptyDistanceMm must be between/],
  ])('is refused with what is wrong: %o', (change, message) => {
    expect(findGeometryMistake({ ...BIN, ...change })).toMatch(message);
  });
});
