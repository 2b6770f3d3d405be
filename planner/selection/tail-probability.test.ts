import { describe, expect, test } from 'vitest';
import { lnGamma, normalTail, upperGamma } from './gamma.ts';
import { addMoments, chanceAbove } from './tail-probability.ts';
import type { Moments } from './tail-probability.ts';
import { TestRandom } from './testing/test-random.ts';

function gammaMoments(shape: number, scale: number): Moments {
  const variance = shape * scale * scale;
  return { mean: shape * scale, variance, third: 2 * variance * scale };
}

describe('the gamma function', () => {
  test('is the factorial of the number before', () => {
    expect(Math.exp(lnGamma(1))).toBeCloseTo(1, 9);
    expect(Math.exp(lnGamma(6))).toBeCloseTo(120, 6);
    expect(Math.exp(lnGamma(0.5))).toBeCloseTo(Math.sqrt(Math.PI), 9);
  });

  test.each([0.3, 1, 4, 30])('has the tail of an exponential distribution at %f', (x) => {
    expect(upperGamma(1, x)).toBeCloseTo(Math.exp(-x), 10);
  });

  test.each([0.5, 3, 8, 20])('has the tail of the sum of four exponential ones at %f', (x) => {
    // Erlang: no more than three arrivals of a Poisson process by x.
    const closed = Math.exp(-x) * (1 + x + x ** 2 / 2 + x ** 3 / 6);
    expect(upperGamma(4, x)).toBeCloseTo(closed, 10);
  });

  test('gives all below nothing, and stays within 0 and 1 far out', () => {
    expect(upperGamma(3, 0)).toBe(1);
    expect(upperGamma(3, -1)).toBe(1);
    expect(upperGamma(4000, 1)).toBe(1);
    expect(upperGamma(4000, 1e5)).toBe(0);
    expect(upperGamma(4000, 4000)).toBeCloseTo(0.498, 2);
  });

  test('gives the tail of the normal distribution', () => {
    expect(normalTail(0)).toBeCloseTo(0.5, 9);
    expect(normalTail(1.959964)).toBeCloseTo(0.025, 7);
    expect(normalTail(-1.959964)).toBeCloseTo(0.975, 7);
    expect(normalTail(6)).toBeCloseTo(9.866e-10, 12);
  });
});

describe('the chance to exceed a limit', () => {
  test('is the closed form for a gamma and for a normal distribution', () => {
    expect(chanceAbove(gammaMoments(1, 20), 50)).toBeCloseTo(Math.exp(-2.5), 9);
    expect(chanceAbove({ mean: 80, variance: 100, third: 0 }, 100)).toBeCloseTo(0.02275, 5);
  });

  test('is known when nothing is uncertain', () => {
    expect(chanceAbove({ mean: 101, variance: 0, third: 0 }, 100)).toBe(1);
    expect(chanceAbove({ mean: 100, variance: 0, third: 0 }, 100)).toBe(0);
  });

  test('does not jump where a skewed distribution becomes a normal one', () => {
    const at = (third: number): number => chanceAbove({ mean: 60, variance: 100, third }, 85);
    expect(at(30.1)).toBeCloseTo(at(29.9), 4);
    expect(at(-500)).toBe(at(0));
  });

  test.each([
    [70, 2, 10, 20],
    [40, 6, 30, 1],
    [90, 3, 3, 2],
  ])(
    'agrees with a simulation of a level of %d ± %d and %d of waste',
    (level, error, mean, days) => {
      const variation = 0.45;
      const scale = (variation * variation * mean) / Math.sqrt(days);
      const sum = addMoments(
        { mean: level, variance: error * error, third: 0 },
        gammaMoments(mean / scale, scale),
      );
      const random = new TestRandom(7);
      const rounds = 40_000;
      let above = 0;
      for (let round = 0; round < rounds; round += 1) {
        const filled = level + error * random.gaussian() + scale * random.gamma(mean / scale);
        if (filled > 100) above += 1;
      }
      expect(Math.abs(above / rounds - chanceAbove(sum, 100))).toBeLessThan(0.01);
    },
  );
});
