import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRfc3339 } from './rfc3339.ts';

describe('parseRfc3339', () => {
  it.each([
    ['2026-03-01T12:00:00Z', Date.UTC(2026, 2, 1, 12)],
    ['2026-03-01T12:00:00+02:00', Date.UTC(2026, 2, 1, 10)],
    ['2026-03-01t12:00:00.5-00:30', Date.UTC(2026, 2, 1, 12, 30, 0, 500)],
    ['2020-02-06T09:46:05.447941836Z', Date.UTC(2020, 1, 6, 9, 46, 5, 447)],
    ['2022-07-18T09:34:15.775023242+00:00', Date.UTC(2022, 6, 18, 9, 34, 15, 775)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1)],
    ['1970-01-01T00:00:00Z', 0],
  ])('reads %s', (text, atMs) => {
    expect(parseRfc3339(text)).toBe(atMs);
  });

  it.each([
    '',
    '2026-03-01',
    '2026-03-01T12:00:00',
    '2026-03-01 12:00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T12:60:00Z',
    '2026-03-01T12:00:61Z',
    '2026-03-01T12:00:00+24:00',
    '2020-0327T10:00:00Z',
    '+012026-03-01T12:00:00Z',
    ' 2026-03-01T12:00:00Z',
  ])('refuses "%s"', (text) => {
    expect(parseRfc3339(text)).toBeUndefined();
  });

  it('reads back every time that Date writes', () => {
    const range = { min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(range), (date) => {
        expect(parseRfc3339(date.toISOString())).toBe(date.getTime());
      }),
    );
  });
});
