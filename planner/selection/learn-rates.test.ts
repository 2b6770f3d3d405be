import { describe, expect, test } from 'vitest';
import type { BinHistory, LevelReading } from './bin-history.ts';
import { DAY_MS, HOUR_MS, weekdayAt } from './fill-rate.ts';
import { learnRates } from './learn-rates.ts';
import { TestRandom } from './testing/test-random.ts';

/** A Monday. */
const BEGIN = Date.UTC(2026, 0, 5);

interface Life {
  readonly id: string;
  readonly percentPerDay: number;
  readonly variation: number;
  readonly weekend?: number;
  readonly emptyEveryDays?: number;
  readonly noise?: number;
  readonly days?: number;
}

/** Lives through weeks of gamma distributed days, and reports by the hour. */
function live(life: Life, random: TestRandom): BinHistory {
  const { weekend = 1, emptyEveryDays = 4, noise = 2, days = 42, variation } = life;
  const readings: LevelReading[] = [];
  const emptiedAtMs: number[] = [];
  let level = 0;
  for (let day = 0; day < days; day += 1) {
    const beginMs = BEGIN + day * DAY_MS;
    const isWeekend = [0, 6].includes(weekdayAt(beginMs, 0));
    const mean = life.percentPerDay * (isWeekend ? weekend : 1);
    const shape = 1 / variation ** 2;
    const amount = (mean / shape) * random.gamma(shape);
    for (let hour = 0; hour < 24; hour += 1) {
      // All of it comes by day.
      if (hour >= 8 && hour < 20) level += amount / 12;
      const atMs = beginMs + hour * HOUR_MS + HOUR_MS / 2;
      if (hour === 6 && day % emptyEveryDays === 0) {
        level = 0;
        emptiedAtMs.push(atMs - 1);
      }
      const seen = Math.min(100, Math.max(0, level + noise * random.gaussian()));
      readings.push({ atMs, fillPercent: Math.round(seen) });
    }
  }
  const sensor = { noisePoints: noise, stepPoints: 0 };
  return { id: life.id, group: 'litter', sensor, readings, emptiedAtMs };
}

function town(lives: readonly Partial<Life>[], seed = 3): ReturnType<typeof learnRates> {
  const random = new TestRandom(seed);
  const histories = lives.map((life, index) =>
    live({ id: `bin-${index}`, percentPerDay: 15, variation: 0.4, ...life }, random),
  );
  return learnRates(histories, 0);
}

describe('what is learned of a town', () => {
  const rates = [
    ...town(Array.from({ length: 30 }, (_, i) => ({ percentPerDay: 8 + i / 2 }))).values(),
  ];

  test('is the mean of each bin, within what so many days can tell', () => {
    rates.forEach(({ percentPerDay, rateError }, index) => {
      const truth = 8 + index / 2;
      expect(Math.abs(percentPerDay - truth) / truth).toBeLessThan(0.3);
      expect(rateError).toBeGreaterThan(0.03);
      expect(rateError).toBeLessThan(0.12);
    });
    const ratio = rates.reduce((sum, { percentPerDay }, i) => sum + percentPerDay / (8 + i / 2), 0);
    expect(ratio / rates.length).toBeCloseTo(1, 1);
  });

  test('is how much days differ', () => {
    const mean = rates.reduce((sum, { dayVariation }) => sum + dayVariation, 0) / rates.length;
    expect(mean).toBeGreaterThan(0.3);
    expect(mean).toBeLessThan(0.5);
  });

  test('is the hours of the day', () => {
    const shares = rates[0]?.hourShares ?? [];
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    const byDay = shares.slice(8, 20).reduce((sum, share) => sum + share, 0);
    expect(byDay).toBeGreaterThan(0.85);
  });
});

test('weekends with twice the waste are learned from the whole group', () => {
  const rates = town(Array.from({ length: 20 }, () => ({ weekend: 2 })));
  const [sunday = 0, monday = 0] = rates.get('bin-0')?.weekdayFactors ?? [];
  expect(sunday / monday).toBeGreaterThan(1.7);
  expect(sunday / monday).toBeLessThan(2.3);
});

test('a bin that stands full for days is not taken for one that fills slowly', () => {
  const rates = town([
    { percentPerDay: 30, emptyEveryDays: 7 },
    ...Array.from({ length: 20 }, () => ({ percentPerDay: 30, emptyEveryDays: 3 })),
  ]);
  expect(rates.get('bin-0')?.percentPerDay).toBeGreaterThan(22);
});

test('emptyings that nobody told of do not count as waste that vanished', () => {
  const told = live({ id: 'bin', percentPerDay: 15, variation: 0.4 }, new TestRandom(3));
  const rate = learnRates([{ ...told, emptiedAtMs: [] }], 0).get('bin');
  expect(rate?.percentPerDay).toBeGreaterThan(10);
  expect(rate?.percentPerDay).toBeLessThan(19);
});

test('a bin without readings fills as its group does, less surely', () => {
  const random = new TestRandom(1);
  const heard = Array.from({ length: 5 }, (_, index) =>
    live({ id: `bin-${index}`, percentPerDay: 20, variation: 0.4 }, random),
  );
  const silent = { ...live({ id: 'silent', percentPerDay: 1, variation: 0.4, days: 0 }, random) };
  const rates = learnRates([...heard, silent], 0);
  expect(rates.get('silent')?.percentPerDay).toBeCloseTo(20, -1);
  expect(rates.get('silent')?.rateError).toBeGreaterThan(0.4);
  expect(learnRates([silent], 0).get('silent')?.rateError).toBeGreaterThan(0.4);
});

test('a bin that never fills has a rate of nothing', () => {
  const flat = live(
    { id: 'flat', percentPerDay: 1e-9, variation: 0.4, noise: 0 },
    new TestRandom(1),
  );
  expect(learnRates([flat], 0).get('flat')?.percentPerDay).toBeCloseTo(0, 6);
});

test('the same history teaches the same', () => {
  expect(town([{}, {}])).toEqual(town([{}, {}]));
});

test.each([
  [{ readings: [{ atMs: 1, fillPercent: Number.NaN }] }, 'Bin b: expected a level, got NaN'],
  [
    { readings: [2, 1].map((atMs) => ({ atMs, fillPercent: 1 })) },
    'Bin b: expected readings in order of time, got 1',
  ],
  [{ emptiedAtMs: [2, 1] }, 'Bin b: expected emptyings in order of time, got 2,1'],
  [
    { sensor: { noisePoints: Number.NaN, stepPoints: 0 } },
    'Bin b: expected noise of 0 or more, got NaN',
  ],
])('what cannot be reckoned with is refused: %j', (wrong, message) => {
  const sensor = { noisePoints: 1, stepPoints: 0 };
  const bin = { id: 'b', group: 'g', sensor, readings: [], emptiedAtMs: [], ...wrong };
  expect(() => learnRates([bin], 0)).toThrow(message);
});
