import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bandOf } from './state-style.ts';
import { wholePercent } from './whole-percent.ts';

test.each([
  [0, 0],
  [0.4, 0],
  [79.6, 79],
  [80, 80],
  [99.9, 99],
  [100, 100],
  [100.1, 101],
  [130, 130],
])('%d %% is written as %d', (fillPercent, whole) => {
  expect(wholePercent(fillPercent)).toBe(whole);
});

test('the written number is on the same side of every whole limit as the level', () => {
  const level = fc.integer({ min: 0, max: 3000 }).map((tenths) => tenths / 10);
  fc.assert(
    fc.property(level, fc.integer({ min: 1, max: 100 }), (fillPercent, thresholdPercent) => {
      const whole = wholePercent(fillPercent);
      expect(whole >= thresholdPercent).toBe(fillPercent >= thresholdPercent);
      expect(whole > 100).toBe(fillPercent > 100);
      expect(bandOf(whole)).toBe(bandOf(fillPercent));
      expect(Math.abs(whole - fillPercent)).toBeLessThan(1);
    }),
  );
});

test('a mean that misses a whole number by a computing error is written as that number', () => {
  expect(wholePercent(79.999_999_999_99)).toBe(80);
  expect(wholePercent(110.000_000_000_01)).toBe(110);
});
