import { expect, test } from 'vitest';
import { TokenBucket, TokenBuckets } from './token-bucket.ts';

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

test('whoever only tries makes no debts', () => {
  const bucket = new TokenBucket(10, 2, 0);
  expect([bucket.tryTake(0), bucket.tryTake(0), bucket.tryTake(0)]).toEqual([true, true, false]);
  expect([bucket.tryTake(99), bucket.tryTake(100), bucket.tryTake(101)]).toEqual([
    false,
    true,
    false,
  ]);
});

test('many buckets are one for each key, and only full ones are forgotten', () => {
  const buckets = new TokenBuckets(1, 2);
  const first = buckets.of('a', 0);
  first.take(0);
  expect(buckets.of('b', 0)).not.toBe(first);
  buckets.forgetFull(999);
  expect(buckets.of('a', 999)).toBe(first);
  buckets.forgetFull(1_000);
  expect(buckets.of('a', 1_000)).not.toBe(first);
});
