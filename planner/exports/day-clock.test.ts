import { expect, test } from 'vitest';
import { clockText, dateAt, instantMs, isDate, isTimeZone, localTimeText } from './day-clock.ts';

const SIX = 6 * 3600;
const STOCKHOLM = 'Europe/Stockholm';

test.each([
  ['2026-11-25', '2026-11-25T05:00:00.000Z'],
  ['2026-07-01', '2026-07-01T04:00:00.000Z'],
  // The nights that are an hour shorter and longer.
  ['2026-03-29', '2026-03-29T04:00:00.000Z'],
  ['2026-10-25', '2026-10-25T05:00:00.000Z'],
])('six in the morning is six on the clock on %s', (date, utc) => {
  const day = { date, timeZone: STOCKHOLM };
  expect(new Date(instantMs(day, SIX)).toISOString()).toBe(utc);
  expect(clockText(day, SIX)).toBe('06:00');
});

test('a time after midnight names the day after', () => {
  const day = { date: '2026-12-31', timeZone: STOCKHOLM };
  expect(clockText(day, 25.5 * 3600)).toBe('01:30 +1');
  expect(localTimeText(day, 25.5 * 3600)).toBe('2027-01-01T01:30:00+01:00');
});

test('zones west of Greenwich, half hours and UTC itself are written right', () => {
  const at = (timeZone: string): string => localTimeText({ date: '2026-01-15', timeZone }, SIX);
  expect(at('America/St_Johns')).toBe('2026-01-15T06:00:00-03:30');
  expect(at('Asia/Kathmandu')).toBe('2026-01-15T06:00:00+05:45');
  expect(at('UTC')).toBe('2026-01-15T06:00:00+00:00');
});

test('the date is that of the zone, not that of UTC', () => {
  expect(dateAt(Date.parse('2026-11-24T23:30:00Z'), STOCKHOLM)).toBe('2026-11-25');
});

test('dates and zones that are none are told apart', () => {
  expect(['2026-02-28', '2026-02-29', '2026-13-01', '26-01-01', ''].map(isDate)).toEqual([
    ...[true, false, false, false, false],
  ]);
  expect([STOCKHOLM, 'Europe/Tunna', ''].map(isTimeZone)).toEqual([true, false, false]);
});
