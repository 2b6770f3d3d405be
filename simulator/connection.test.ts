import { expect, test } from 'vitest';
import { retryDelayMs } from './connection.ts';

test('retries wait longer each time up to twenty seconds, spread by half', () => {
  expect(retryDelayMs(0, 0)).toBe(250);
  expect(retryDelayMs(0, 0.999)).toBeGreaterThan(495);
  expect(retryDelayMs(3, 0)).toBe(2000);
  expect(retryDelayMs(50, 0)).toBe(10_000);
  expect(retryDelayMs(50, 1)).toBe(20_000);
});
