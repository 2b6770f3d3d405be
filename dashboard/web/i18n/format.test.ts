import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFormat } from './format.ts';

const sv = createFormat('sv');
const en = createFormat('en');
const DAY_SECONDS = 86_400;

/** Languages set their numbers with several kinds of blanks, which look the same. */
function plain(text: string): string {
  return text.replaceAll(/\s/g, ' ');
}

describe('a number', () => {
  test('has the groups, decimals and minus of its language', () => {
    expect(plain(sv.number(1_234_567.89))).toBe('1 234 567,9');
    expect(en.number(1_234_567.89)).toBe('1,234,567.9');
    expect(sv.number(-0.5)).toBe('−0,5');
    expect(en.number(-0.5)).toBe('-0.5');
  });

  test('that is a ratio or a coordinate keeps its decimals', () => {
    expect(sv.exact(0.6)).toBe('0,6');
    expect(en.exact(17.627_4)).toBe('17.6274');
    expect(en.exact(2 / 3)).toBe('0.666667');
  });

  test('with a unit is written as its language writes it', () => {
    expect(plain(sv.litres(1100))).toBe('1 100 l');
    expect(plain(sv.celsius(-3.25))).toBe('−3,3 °C');
    expect(en.celsius(21.5)).toBe('21.5°C');
    expect(plain(sv.millimetres(1250.4))).toBe('1 250 mm');
    expect(sv.volts(3.6)).toBe('3,6 V');
    expect(en.volts(3.6)).toBe('3.6 V');
  });
});

describe('a level', () => {
  test('is written in whole percent, overfull too', () => {
    expect(plain(sv.percent(0))).toBe('0 %');
    expect(plain(sv.percent(45))).toBe('45 %');
    expect(en.percent(113)).toBe('113%');
  });

  test('that is computed again has its tenths', () => {
    expect(plain(sv.percentExact(61.5))).toBe('61,5 %');
    expect(en.percentExact(75)).toBe('75%');
  });

  test('just below a limit is not written as the limit', () => {
    expect(plain(sv.percent(79.6))).toBe('79 %');
    expect(plain(sv.percent(100.2))).toBe('101 %');
  });

  test('of every whole number of percent is written as that number', () => {
    for (let percent = 0; percent <= 200; percent += 1) {
      expect(en.percent(percent)).toBe(`${percent}%`);
    }
  });
});

describe('an age', () => {
  test.each([
    [0, '0 s', '0 secs'],
    [1, '1 s', '1 sec'],
    [59, '59 s', '59 secs'],
    [720, '12 min', '12 mins'],
    [3600, '1 tim', '1 hr'],
    [30 * 3600, '30 tim', '30 hrs'],
    [2 * DAY_SECONDS, '2 d', '2 days'],
    [3000 * DAY_SECONDS, '3 000 d', '3,000 days'],
  ])('of %d s is short in a list', (seconds, swedish, english) => {
    expect(plain(sv.age(seconds))).toBe(swedish);
    expect(plain(en.age(seconds))).toBe(english);
  });

  test.each([
    [0, 'för 0 sekunder sedan', '0 seconds ago'],
    [1, 'för 1 sekund sedan', '1 second ago'],
    [60, 'för 1 minut sedan', '1 minute ago'],
    [3 * 3600, 'för 3 timmar sedan', '3 hours ago'],
    [3 * DAY_SECONDS, 'för 3 dagar sedan', '3 days ago'],
  ])('of %d s is in the past in a sentence', (seconds, swedish, english) => {
    expect(plain(sv.ago(seconds))).toBe(swedish);
    expect(en.ago(seconds)).toBe(english);
  });

  test('is never told to lie in the future', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (seconds) => {
        expect(sv.ago(seconds)).toMatch(/^för .* sedan$/);
        expect(en.ago(seconds)).toMatch(/ ago$/);
      }),
    );
  });
});

test.each([
  [1, '1 sekund', '1 second'],
  [1800, '30 minuter', '30 minutes'],
  [5400, '1 timme, 30 minuter', '1 hour, 30 minutes'],
  [DAY_SECONDS, '1 dygn', '1 day'],
  [1.5 * DAY_SECONDS, '1 dygn, 12 timmar', '1 day, 12 hours'],
])('a duration of %d s is told whole', (seconds, swedish, english) => {
  expect(plain(sv.duration(seconds))).toBe(swedish);
  expect(en.duration(seconds)).toBe(english);
});

describe('a time', () => {
  // Five past midnight in Stockholm, still the day before in UTC.
  const afterMidnightMs = Date.UTC(2026, 6, 1, 22, 5, 9);

  test('is the time of Stockholm, with a 24-hour clock', () => {
    expect(sv.dateTime(afterMidnightMs)).toBe('2 juli 2026 00:05:09');
    expect(en.dateTime(afterMidnightMs)).toBe('2 Jul 2026, 00:05:09');
    expect(sv.date(afterMidnightMs)).toBe('2 juli 2026');
  });

  test('follows the clock of the town from winter to summer and back', () => {
    expect(sv.dateTime(Date.UTC(2026, 2, 29, 0, 59, 59))).toContain('01:59:59');
    expect(sv.dateTime(Date.UTC(2026, 2, 29, 1, 0, 0))).toContain('03:00:00');
    expect(sv.dateTime(Date.UTC(2026, 9, 25, 0, 30, 0))).toContain('02:30:00');
    expect(sv.dateTime(Date.UTC(2026, 9, 25, 1, 30, 0))).toContain('02:30:00');
  });

  test('of today is short, of another day it has the date, by the day of the town', () => {
    const sameDayMs = Date.UTC(2026, 6, 2, 8);
    expect(sv.shortTime(afterMidnightMs, sameDayMs)).toBe('00:05');
    expect(sv.shortTime(afterMidnightMs - 6 * 60_000, sameDayMs)).toBe('1 juli 23:59');
    expect(en.shortTime(afterMidnightMs - 6 * 60_000, sameDayMs)).toBe('1 Jul, 23:59');
  });
});
