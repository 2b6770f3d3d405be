import { expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

test('a burst passes at once and what follows waits at the rate, in order', () => {
  const bucket = new TokenBucket(20, 3, 0);
  const waits = Array.from({ length: 6 }, () => bucket.take(0));
  expect(waits).toEqual([0, 0, 0, 50, 100, 150]);
  expect(bucket.take(150)).toBe(50);
});

test('tokens come back with time, up to the burst and not with a clock set back', () => {
  const bucket = new TokenBucket(20, 3, 0);
  for (let taken = 0; taken < 3; taken += 1) bucket.take(0);
  expect(bucket.isFull(100)).toBe(false);
  expect(bucket.isFull(10_000)).toBe(true);
  expect([bucket.take(10_000), bucket.take(10_000), bucket.take(10_000)]).toEqual([0, 0, 0]);
  expect(bucket.take(5_000)).toBe(50);
});
