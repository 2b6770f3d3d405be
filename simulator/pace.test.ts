import { expect, test } from 'vitest';
import { reportIntervalsMs } from './pace.ts';
import { createTown } from './town.ts';

const town = createTown({ seed: 1, binCount: 160 });

test('without time lapse every bin keeps its own interval', () => {
  expect(reportIntervalsMs(town, 1)).toEqual(
    town.bins.map(({ sensor }) => sensor.reportIntervalSeconds * 1000),
  );
});

test('sixty times faster, a quarter of an hour is fifteen seconds', () => {
  const quick = town.bins.findIndex(({ sensor }) => sensor.reportIntervalSeconds === 900);
  expect(reportIntervalsMs(town, 60)[quick]).toBe(15_000);
});

test('the town never reports more than fourteen times a second', () => {
  const perSecond = reportIntervalsMs(town, 100_000).reduce((sum, ms) => sum + 1000 / ms, 0);
  expect(perSecond).toBeCloseTo(14, 6);
});
