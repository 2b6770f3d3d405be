import { describe, expect, it } from 'vitest';
import { believablePosition } from './position.ts';

describe('a position', () => {
  it.each([
    [59.33, 18.07],
    [-33.9, -151.2],
    [0, 18.07],
    [90, -180],
  ])('%f, %f is believed', (latitude, longitude) => {
    expect(believablePosition(latitude, longitude)).toEqual({ latitude, longitude });
  });

  it('has six decimals', () => {
    expect(believablePosition(Math.fround(40.039), Math.fround(-116.5074))).toEqual({
      latitude: 40.039001,
      longitude: -116.507401,
    });
  });

  it.each([
    [0, 0],
    [90.1, 18],
    [59, 180.1],
    [NaN, 18],
    [59, NaN],
    [Infinity, 18],
  ])('%f, %f is not', (latitude, longitude) => {
    expect(believablePosition(latitude, longitude)).toBeUndefined();
  });
});
