import { expect, test } from 'vitest';
import { growthFromSteps } from './wyndham-growth.ts';

test('a rise is spread over the days since the one before it', () => {
  const growth = growthFromSteps([0, 0, 20, 20, 20, 20, 60, 60, 0]);
  expect(growth.slice(0, 6)).toEqual([10, 10, 10, 10, 10, 10]);
});

test('what came before an emptying is the mean, unless a further step would have been reached', () => {
  const growth = growthFromSteps([0, 20, 40, 40, 40, 40, 0]);
  expect(growth.slice(0, 2)).toEqual([20, 20]);
  expect(growth.slice(2, 6)).toEqual([4.75, 4.75, 4.75, 4.75]);
});

test('a full bin goes on filling as in the mean', () => {
  const growth = growthFromSteps([0, 50, 100, 100, 100, 0]);
  expect(growth.slice(2, 5)).toEqual([50, 50, 50]);
});

test('days without a report change nothing, and no reports give no waste', () => {
  expect(growthFromSteps([0, undefined, undefined, 30]).slice(0, 3)).toEqual([10, 10, 10]);
  expect(growthFromSteps([undefined, undefined])).toEqual([0, 0]);
});
