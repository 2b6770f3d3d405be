import { expect, test } from 'vitest';
import { DEFAULT_BACK_OFF, retryDelayMs } from './back-off.ts';

test('waits twice as long after each failure, up to a limit, and at least half of it', () => {
  const longest = Array.from({ length: 8 }, (_, index) =>
    retryDelayMs(DEFAULT_BACK_OFF, { kind: 'network', failures: index + 1 }, 1),
  );
  expect(longest).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  expect(retryDelayMs(DEFAULT_BACK_OFF, { kind: 'network', failures: 1 }, 0)).toBe(500);
  expect(retryDelayMs(DEFAULT_BACK_OFF, { kind: 'journal', failures: 9_999 }, 0)).toBe(15_000);
});

test('asks a broker that has said no seldom from the first time on', () => {
  expect(retryDelayMs(DEFAULT_BACK_OFF, { kind: 'refused', failures: 1 }, 1)).toBe(60_000);
  expect(retryDelayMs(DEFAULT_BACK_OFF, { kind: 'refused', failures: 5 }, 0)).toBe(30_000);
});
