import { describe, expect, test } from 'vitest';
import { DAY_MS, EVEN_HOURS, EVEN_WEEK, HOUR_MS } from './fill-rate.ts';
import { overflowChance, overflowChanceWhenServed } from './forecast.ts';
import type { BinToday, Choice, Policy, Today } from './policy.ts';
import { prizes } from './prize-policy.ts';
import { fixedSchedule, soonestFull, threshold } from './simple-policies.ts';
import { toStops } from './to-stops.ts';

const NOW = Date.UTC(2026, 0, 20, 4);
const TODAY_MS = NOW + 5 * HOUR_MS;

interface Wish extends Partial<Omit<BinToday, 'level' | 'rate'>> {
  readonly percent?: number;
  readonly perDay?: number;
  readonly full?: boolean;
  readonly errorPoints?: number;
}

function bin(wish: Wish = {}): BinToday {
  const { percent = 50, perDay = 10, full = false, errorPoints = 1, ...more } = wish;
  return {
    ...{ id: 'bin', volumeLitres: 1000 },
    level: { percent, errorPoints, atMs: NOW, full },
    rate: {
      percentPerDay: perDay,
      ...{ weekdayFactors: EVEN_WEEK, hourShares: EVEN_HOURS, dayVariation: 0.4, rateError: 0.1 },
    },
    opportunitiesMs: [TODAY_MS, TODAY_MS + DAY_MS, TODAY_MS + 2 * DAY_MS],
    ...more,
  };
}

function on(...bins: BinToday[]): Today {
  return { nowMs: NOW, utcOffsetMs: 0, bins };
}

function only(policy: Policy, one: BinToday): Choice {
  const choices = policy.choose(on(one));
  expect(choices).toHaveLength(1);
  const [choice] = choices;
  if (choice === undefined) throw new Error('There is no choice');
  return choice;
}

const ALL = [fixedSchedule(), threshold(70), soonestFull(2), prizes()];

describe.each(ALL)('$name', (policy) => {
  test('gives each bin one choice, in their order, and the same ones each time', () => {
    const bins = [80, 10, 99, 50, 0].map((percent, index) => bin({ id: `bin-${index}`, percent }));
    const choices = policy.choose(on(...bins));
    expect(choices.map(({ id }) => id)).toEqual(bins.map(({ id }) => id));
    expect(policy.choose(on(...bins))).toEqual(choices);
  });

  test.each([
    [{ requested: true }, { kind: 'request' }],
    [{ alert: true }, { kind: 'alert' }],
    [
      { mostDaysBetween: 7, lastEmptiedAtMs: TODAY_MS - 6.5 * DAY_MS },
      { kind: 'too-old', days: 7.5 },
    ],
  ])('must serve an empty bin with %j', (wish, reason) => {
    expect(only(policy, bin({ percent: 1, perDay: 0.1, ...wish }))).toMatchObject({
      verdict: 'must',
      reason,
    });
  });

  test('waits with a bin whose age allows it until the next opportunity', () => {
    const wish = { mostDaysBetween: 7, lastEmptiedAtMs: TODAY_MS - 5.5 * DAY_MS };
    const empty = bin({ percent: 0, perDay: 0.1, ...wish });
    expect(policy.choose(on(bin({ id: 'a' }), bin({ id: 'b' }), empty))[2]?.verdict).toBe('out');
  });

  test('has an answer for no bins, for a bin without a rate and for a heap above the rim', () => {
    expect(policy.choose(on())).toEqual([]);
    const unused = bin({ perDay: 0, percent: 0, errorPoints: 0 });
    const choices = policy.choose(on(bin({ id: 'a' }), bin({ id: 'b' }), unused));
    expect(choices[2]?.verdict).toBe('out');
    const heap = only(policy, bin({ percent: 130, full: true, scheduled: true }));
    expect(heap.verdict).toBe('must');
  });

  test.each([
    [{ percent: Number.NaN }, 'Bin bin: expected a level, got NaN'],
    [{ perDay: Number.NaN }, 'Bin bin: expected a rate of 0 or more, got NaN'],
    [{ perDay: -1 }, 'Bin bin: expected a rate of 0 or more, got -1'],
    [{ errorPoints: Number.NaN }, 'Bin bin: expected an error of 0 or more, got NaN'],
    [{ volumeLitres: 0 }, 'Bin bin: expected a volume, got 0'],
    [{ opportunitiesMs: [TODAY_MS] }, 'Bin bin: expected two opportunities, got 1'],
    [{ opportunitiesMs: [TODAY_MS, NOW] }, 'Bin bin: expected opportunities in order, from now on'],
  ])('refuses %j', (wish, message) => {
    expect(() => policy.choose(on(bin(wish)))).toThrow(message);
  });

  test('refuses a bin that is there twice', () => {
    expect(() => policy.choose(on(bin(), bin()))).toThrow(
      'Bin bin: expected it once, got it twice',
    );
  });
});

test('the fixed schedule asks for the day only', () => {
  expect(only(fixedSchedule(), bin({ percent: 1, scheduled: true }))).toMatchObject({
    verdict: 'must',
    reason: { kind: 'scheduled' },
  });
  expect(only(fixedSchedule(), bin({ percent: 99 }))).toMatchObject({
    verdict: 'out',
    reason: { kind: 'not-scheduled' },
  });
});

test('a threshold asks for the level as it is now, not as it was measured', () => {
  expect(only(threshold(70), bin({ percent: 69.9 }))).toMatchObject({
    verdict: 'out',
    reason: { kind: 'below-threshold', thresholdPercent: 70 },
  });
  const old = bin({ percent: 50 });
  const level = { ...old.level, atMs: NOW - 3 * DAY_MS };
  expect(only(threshold(70), { ...old, level })).toMatchObject({
    verdict: 'must',
    reason: { kind: 'above-threshold', thresholdPercent: 70 },
  });
});

test('the soonest full are chosen by level and rate, and of equal ones the first', () => {
  const bins = [
    bin({ id: 'slow', percent: 80, perDay: 1 }),
    bin({ id: 'fast', percent: 40, perDay: 60 }),
    bin({ id: 'first', percent: 50 }),
    bin({ id: 'second', percent: 50 }),
  ];
  const choices = soonestFull(2).choose(on(...bins));
  expect(choices.map(({ verdict }) => verdict)).toEqual(['out', 'must', 'must', 'out']);
  expect(choices[1]?.reason).toEqual({ kind: 'among-soonest-full', fullInDays: 1 });
  expect(choices[2]?.reason).toMatchObject({ kind: 'among-soonest-full' });
  expect(choices[0]?.reason).toMatchObject({ kind: 'later-than-others' });
});

test.each([Number.NaN, -1, Infinity])('a parameter of %d is refused', (value) => {
  expect(() => threshold(value)).toThrow(`Expected a threshold of 0 or more, got ${value}`);
  expect(() => soonestFull(value)).toThrow(`Expected a count of 0 or more, got ${value}`);
  expect(() => prizes({ overflowCost: value })).toThrow(`Expected overflowCost to be a number`);
  expect(() => prizes({ horizonWeights: [value] })).toThrow(RangeError);
});

describe('prizes', () => {
  const policy = prizes({
    ...{ overflowCost: 10_000, horizonWeights: [1], mustAbove: 0.99 },
    ...{ floorPercent: 30, floorPrize: 20 },
  });

  test('are the cost of an overflow times the chance that a visit takes away', () => {
    const one = bin({ percent: 85 });
    const [, next = 0] = one.opportunitiesMs;
    const chance = overflowChance(one, next, 0);
    expect(chance).toBeGreaterThan(0.05);
    const served = overflowChanceWhenServed(one, TODAY_MS, next, 0);
    const choice = only(policy, one);
    expect(choice).toMatchObject({ verdict: 'may', reason: { kind: 'worth-a-detour', chance } });
    expect(choice.prize).toBeCloseTo(10_000 * (chance - served), 6);
    expect(choice.expectedPercent).toBeCloseTo(85 + (10 * 5) / 24, 6);
  });

  test('take little account of a bin that overflows whether it is served or not', () => {
    const hopeless = only(policy, bin({ percent: 60, perDay: 300 }));
    const helped = only(policy, bin({ percent: 88, perDay: 10 }));
    expect(hopeless).toMatchObject({ verdict: 'must' });
    expect(
      only(
        prizes({ overflowCost: 10_000, horizonWeights: [1], mustAbove: 1 }),
        bin({ percent: 60, perDay: 300 }),
      ).prize,
    ).toBeLessThan(helped.prize);
  });

  test('grow with the level, and with the age of what is known of it', () => {
    const at = (percent: number): number => only(policy, bin({ percent })).prize;
    expect(at(80)).toBeGreaterThan(at(75));
    const fresh = bin({ percent: 70 });
    const stale = { ...fresh, level: { ...fresh.level, percent: 50, atMs: NOW - 2 * DAY_MS } };
    expect(only(policy, stale).prize).toBeGreaterThan(only(policy, fresh).prize);
  });

  test('give way to a must where an overflow is all but certain', () => {
    expect(only(policy, bin({ percent: 99, perDay: 20 }))).toMatchObject({
      verdict: 'must',
      reason: { kind: 'likely-overflow' },
    });
    expect(only(policy, bin({ percent: 60, full: true }))).toMatchObject({
      verdict: 'must',
      reason: { kind: 'likely-overflow', chance: 1 },
    });
    expect(only(prizes({ mustAbove: 1 }), bin({ percent: 99, perDay: 20 })).verdict).toBe('may');
  });

  test('are next to nothing below the floor, however soon the bin is full', () => {
    const low = only(policy, bin({ percent: 10, perDay: 60 }));
    expect(low).toMatchObject({
      ...{ verdict: 'may', prize: 20, reason: { kind: 'below-floor', floorPercent: 30 } },
    });
    const strict = prizes({ overflowCost: 10_000, floorPercent: 30, floorPrize: 0 });
    expect(only(strict, bin({ percent: 10, perDay: 60 })).verdict).toBe('out');
  });

  test('leave out what can wait', () => {
    expect(only(policy, bin({ percent: 40, perDay: 2 }))).toMatchObject({
      ...{ verdict: 'out', prize: 0, reason: { kind: 'can-wait' } },
    });
  });

  test('count later opportunities by their weights', () => {
    const one = bin({ percent: 75 });
    const two = prizes({ overflowCost: 10_000, horizonWeights: [1, 0.5] });
    const [today = 0, next = 0, after = 0] = one.opportunitiesMs;
    const taken = (untilMs: number): number =>
      overflowChance(one, untilMs, 0) - overflowChanceWhenServed(one, today, untilMs, 0);
    expect(only(two, one).prize).toBeCloseTo(10_000 * (taken(next) + 0.5 * taken(after)), 6);
  });

  test('of a bin that nobody has heard of for long lead to a visit', () => {
    const level = { percent: 2.5, errorPoints: 1.5, atMs: NOW - 20 * DAY_MS, full: false };
    expect(only(policy, { ...bin(), level }).verdict).toBe('must');
  });
});

test('stops are what must and what may be served, with prizes and what they hold', () => {
  const service = { stream: 'paper', volumeLitres: 2000, kgPerLitre: 0.05, serviceSeconds: 90 };
  const choices = prizes({ overflowCost: 10_000 }).choose(
    on(
      bin({ id: 'must', percent: 100, full: true }),
      bin({ id: 'out', percent: 5 }),
      bin({ id: 'may', percent: 85, perDay: 12 }),
    ),
  );
  const stops = toStops(
    choices,
    () => ({ ...service, windows: [], skills: [] }),
    (id) => id.length,
  );
  expect(stops).toMatchObject([
    { id: 'must', location: 4, prize: null, stream: 'paper', amounts: { litres: 2000, kg: 100 } },
    { id: 'may', location: 3, amounts: { litres: 1750, kg: 88 } },
  ]);
  expect(stops[1]?.prize).toBeCloseTo(choices[2]?.prize ?? Number.NaN, 9);
});
