import { describe, expect, it } from 'vitest';
import { findGeometryMistake } from './geometry.ts';
import type { Geometry, StrappingRow } from './geometry.ts';

const MEASURES = { emptyDistanceMm: 1200, fullDistanceMm: 200, blindZoneMm: 30 };
const BIN: Geometry = { ...MEASURES, shape: 'prism' };

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

describe('the shape of a geometry', () => {
  it.each([0.01, 0.6, 1, 100])('may be a taper whose areas are %d to 1', (areaRatio) => {
    expect(findGeometryMistake({ ...MEASURES, shape: 'taper', areaRatio })).toBeUndefined();
  });

  it.each([0, -1, 0.009, 101, Number.NaN])('is no taper with an area ratio of %d', (areaRatio) => {
    expect(findGeometryMistake({ ...MEASURES, shape: 'taper', areaRatio })).toMatch(
      /areaRatio must be between 0.01 and 100/,
    );
  });

  const table = (...pairs: readonly (readonly [number, number])[]): Geometry => {
    const strappingTable: StrappingRow[] = pairs.map(([heightMm, litres]) => ({
      heightMm,
      litres,
    }));
    return { ...MEASURES, shape: 'strapping-table', strappingTable };
  };

  it('may be a table from the floor to the full line, or beyond', () => {
    expect(findGeometryMistake(table([0, 0], [1000, 660]))).toBeUndefined();
    expect(findGeometryMistake(table([0, 0], [300, 90], [1300, 700]))).toBeUndefined();
  });

  it.each([
    [[[0, 0]], /2 to 500 rows, got 1/],
    [
      [
        [10, 0],
        [1000, 660],
      ],
      /row 1 .* the first row is the floor/,
    ],
    [
      [
        [0, 5],
        [1000, 660],
      ],
      /row 1 .* the first row is the floor/,
    ],
    [
      [
        [0, 0],
        [500, 300],
        [500, 400],
        [1000, 660],
      ],
      /row 3 .* larger than in the row before/,
    ],
    [
      [
        [0, 0],
        [500, 300],
        [700, 300],
        [1000, 660],
      ],
      /row 3 .* larger than in the row before/,
    ],
    [
      [
        [0, 0],
        [Number.NaN, 300],
        [1000, 660],
      ],
      /row 2 .* larger than in the row before/,
    ],
    [
      [
        [0, 0],
        [1000, 1e9],
      ],
      /row 2 .* larger than in the row before/,
    ],
    [
      [
        [0, 0],
        [999, 660],
      ],
      /ends at 999 mm, but the full line is 1000 mm above the floor/,
    ],
  ] as const)('is refused as a table with what is wrong: %j', (pairs, message) => {
    expect(findGeometryMistake(table(...pairs))).toMatch(message);
  });
});

it.each([-41, 61, Number.NaN])('%d °C is no temperature that a sensor is set to', (value) => {
  expect(findGeometryMistake({ ...BIN, temperatureReferenceC: value })).toMatch(
    /temperatureReferenceC must be between -40 and 60/,
  );
});
