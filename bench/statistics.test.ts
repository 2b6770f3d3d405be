import { expect, test } from 'vitest';
import { formatRounds, percentile } from './statistics.ts';

test('a percentile is a value that was measured, the nearest one from above', () => {
  const values = [9, 1, 3, 7, 5];
  expect(percentile(values, 50)).toBe(5);
  expect(percentile(values, 99)).toBe(9);
  expect(percentile(values, 20)).toBe(1);
  expect(percentile(values, 21)).toBe(3);
  expect(percentile([], 50)).toBeNaN();
});

test('rounds become their median with the lowest and the highest, in three figures', () => {
  expect(formatRounds([1234.5, 98.76, 5.4321])).toBe('98.8 (5.43–1,235)');
  expect(formatRounds([40_000, 40_000, 39_000])).toBe('40,000 (39,000–40,000)');
  expect(formatRounds([123.4])).toBe('123');
  expect(formatRounds([16.66, 16.67])).toBe('16.7');
  expect(formatRounds([Number.NaN])).toBe('–');
});
