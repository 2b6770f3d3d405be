import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDegrees, listTicks, niceStep } from './graticule.ts';

/** From the closest zoom to the whole world, in degrees per pixel. */
const resolution = fc.double({ min: 5e-7, max: 0.2, noNaN: true });

describe('the step between lines', () => {
  test('keeps them at least 110 pixels apart, and not three times as far', () => {
    fc.assert(
      fc.property(resolution, (degreesPerPixel) => {
        const gapPx = niceStep(degreesPerPixel) / degreesPerPixel;
        expect(gapPx).toBeGreaterThanOrEqual(110 * (1 - 1e-9));
        expect(gapPx).toBeLessThan(110 * 2.5 * (1 + 1e-9));
      }),
    );
  });

  test('is 1, 2 or 5 times a power of ten', () => {
    fc.assert(
      fc.property(resolution, (degreesPerPixel) => {
        const [digits = ''] = niceStep(degreesPerPixel).toExponential(6).split('e');
        expect([1, 2, 5, 10]).toContain(Number(digits));
      }),
    );
  });
});

describe('the lines between two degrees', () => {
  test('are the multiples of the step', () => {
    expect(listTicks(-1.5, 2, 1).map((tick) => tick + 0)).toEqual([-1, 0, 1, 2]);
    expect(listTicks(0.1, 0.9, 1)).toEqual([]);
  });

  test('leave none out and add none, wherever the map lies', () => {
    const low = fc.double({ min: -180, max: 180, noNaN: true });
    const steps = fc.integer({ min: 0, max: 40 });
    fc.assert(
      fc.property(low, steps, resolution, (from, count, degreesPerPixel) => {
        const step = niceStep(degreesPerPixel);
        const to = from + count * step;
        const ticks = listTicks(from, to, step);
        const slack = step * 1e-6;
        for (const tick of ticks) {
          expect(tick).toBeGreaterThanOrEqual(from - slack);
          expect(tick).toBeLessThanOrEqual(to + slack);
          expect(Math.abs(tick / step - Math.round(tick / step))).toBeLessThan(1e-6);
        }
        expect(Math.abs(ticks.length - count)).toBeLessThanOrEqual(1);
        expect(new Set(ticks).size).toBe(ticks.length);
      }),
    );
  });
});

describe('a coordinate on the edge', () => {
  test('has as many digits as its step, and the letter of its side', () => {
    expect(formatDegrees(59.2, 0.1, ['N', 'S'])).toBe('59.2° N');
    expect(formatDegrees(17.65, 0.05, ['E', 'W'])).toBe('17.65° E');
    expect(formatDegrees(-34.602, 0.002, ['N', 'S'])).toBe('34.602° S');
    expect(formatDegrees(20, 10, ['E', 'W'])).toBe('20° E');
    expect(formatDegrees(-0, 1, ['E', 'W'])).toBe('0° E');
  });

  test('tells any two neighbouring lines apart', () => {
    fc.assert(
      fc.property(fc.integer({ min: -30, max: 30 }), resolution, (k, degreesPerPixel) => {
        const step = niceStep(degreesPerPixel);
        const at = (index: number) => formatDegrees(index * step, step, ['E', 'W']);
        expect(at(k)).not.toBe(at(k + 1));
      }),
    );
  });
});
