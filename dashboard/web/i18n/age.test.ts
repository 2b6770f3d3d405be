import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitAge } from './age.ts';

const UNIT_SECONDS = { second: 1, minute: 60, hour: 3600, day: 86_400 };

test.each([
  [0, 0, 'second'],
  [59.9, 59, 'second'],
  [60, 1, 'minute'],
  [3599, 59, 'minute'],
  [3600, 1, 'hour'],
  [30 * 3600, 30, 'hour'],
  [2 * 86_400 - 1, 47, 'hour'],
  [2 * 86_400, 2, 'day'],
  [400 * 86_400, 400, 'day'],
  [10 * 365 * 86_400, 3650, 'day'],
])('%d seconds are %d of the unit %s', (ageSeconds, value, unit) => {
  expect(splitAge(ageSeconds)).toEqual({ value, unit });
});

test('what lies in the future is no age, and is told as none', () => {
  expect(splitAge(-1)).toEqual({ value: 0, unit: 'second' });
  expect(splitAge(-1e9)).toEqual({ value: 0, unit: 'second' });
});

test('an age is never told older than it is, and always within one of its unit', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (ageSeconds) => {
      const { value, unit } = splitAge(ageSeconds);
      const toldSeconds = value * UNIT_SECONDS[unit];
      expect(toldSeconds).toBeLessThanOrEqual(ageSeconds);
      expect(ageSeconds - toldSeconds).toBeLessThan(UNIT_SECONDS[unit]);
      expect(Number.isInteger(value)).toBe(true);
    }),
  );
});

test('a level that grows old is never told younger than before', () => {
  const age = fc.integer({ min: 0, max: 1e8 });
  fc.assert(
    fc.property(age, age, (one, other) => {
      const told = (seconds: number) => {
        const { value, unit } = splitAge(seconds);
        return value * UNIT_SECONDS[unit];
      };
      expect(told(Math.min(one, other))).toBeLessThanOrEqual(told(Math.max(one, other)));
    }),
  );
});
