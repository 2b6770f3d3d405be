import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitDuration } from './duration.ts';

const UNIT_SECONDS = { day: 86_400, hour: 3600, minute: 60, second: 1 };

test.each([
  [0, '0 second'],
  [59, '59 second'],
  [60, '1 minute'],
  [90, '1 minute 30 second'],
  [3600, '1 hour'],
  [5400, '1 hour 30 minute'],
  [86_400, '1 day'],
  [129_600, '1 day 12 hour'],
  [86_400 + 59, '1 day'],
  [400 * 86_400, '400 day'],
  [-5, '0 second'],
])('%d seconds are told as %s', (seconds, told) => {
  const words = splitDuration(seconds).map(({ value, unit }) => `${value} ${unit}`);
  expect(words.join(' ')).toBe(told);
});

test('no duration is told longer than it is, nor much shorter', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e8 }), (seconds) => {
      const told = splitDuration(seconds).reduce(
        (sum, { value, unit }) => sum + value * UNIT_SECONDS[unit],
        0,
      );
      expect(told).toBeLessThanOrEqual(seconds);
      // What is cut off is less than one of the second unit, and that is at most a 24th of the first.
      expect(seconds - told).toBeLessThanOrEqual(seconds / 24);
    }),
  );
});
