import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTimeReader, NOON } from './read-time.ts';
import { createZoneClock } from '../envelopes/zoned-time.ts';

function read(dateFormat: string, text: string, timeZone?: string): string | undefined {
  const zone = timeZone === undefined ? {} : { timeZone };
  const ms = createTimeReader({ dateFormat, timeOfDay: NOON, ...zone })(text);
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

describe('times in files', () => {
  test.each([
    ['DD-MM-YYYY', '13-08-2018', 'Australia/Melbourne', '2018-08-13T02:00:00.000Z'],
    ['DD-MM-YYYY', '13-01-2019', 'Australia/Melbourne', '2019-01-13T01:00:00.000Z'],
    ['M/D/YYYY H:mm', '1/2/2025 7:47', 'America/Los_Angeles', '2025-01-02T15:47:00.000Z'],
    ['M/D/YYYY hh:mm A', '1/2/2025 12:05 AM', 'UTC', '2025-01-02T00:05:00.000Z'],
    ['M/D/YYYY h:mm A', '1/2/2025 1:05 pm', 'UTC', '2025-01-02T13:05:00.000Z'],
    ['YYYY-MM-DD HH:mm:ss.SSS', '2024-02-29 23:59:59.250', 'UTC', '2024-02-29T23:59:59.250Z'],
    ['YYYYMMDDTHH:mm', '20240229T06:00', 'Europe/Stockholm', '2024-02-29T05:00:00.000Z'],
  ])('%s reads %s in %s', (format, text, zone, expected) => {
    expect(read(format, text, zone)).toBe(expected);
  });

  test.each([
    ['DD-MM-YYYY', '31-02-2019'],
    ['DD-MM-YYYY', '1-2-2019'],
    ['DD-MM-YYYY', '2019-02-01'],
    ['DD-MM-YYYY', '01-02-2019 '],
    ['YYYY-MM-DD HH:mm', '2019-02-01 24:00'],
    ['M/D/YYYY h:mm A', '1/2/2025 13:05 PM'],
    ['rfc3339', '2019-02-01T00:00:00'],
    ['unix', '1e9'],
    ['unix-ms', 'x'],
  ])('%s refuses %s', (format, text) => {
    expect(read(format, text, 'UTC')).toBeUndefined();
  });

  test('formats that say the zone need none', () => {
    expect(read('rfc3339', '2019-02-01T01:00:00+01:00')).toBe('2019-02-01T00:00:00.000Z');
    expect(read('unix', '1549000000')).toBe('2019-02-01T05:46:40.000Z');
    expect(read('unix-ms', '1549000000123')).toBe('2019-02-01T05:46:40.123Z');
  });

  test.each([
    ['DD-MM', /has no year/],
    ['DD-MM-YYYY DD', /has the day twice/],
    ['DD-MM-YYYY hh:mm', /goes with A/],
    ['dd.MM.yyyy', /is not a pattern/],
  ])('the pattern %s is refused', (format, message) => {
    expect(() => read(format, '', 'UTC')).toThrow(message);
  });

  test('a pattern without a zone is refused', () => {
    expect(() => read('DD-MM-YYYY', '')).toThrow(/need a time zone/);
  });
});

describe('clocks of a zone', () => {
  const at = (zone: string, text: string): string => {
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = text.split(/\D/).map(Number);
    const wall = { year, month, day, hour, minute, second: 0, millisecond: 0 };
    return new Date(createZoneClock(zone)(wall)).toISOString();
  };

  test('an hour that comes twice is taken as the first', () => {
    expect(at('Europe/Stockholm', '2024-10-27 02:30')).toBe('2024-10-27T00:30:00.000Z');
  });

  test('an hour that is skipped is taken as if the clocks had not been changed yet', () => {
    expect(at('Europe/Stockholm', '2024-03-31 02:30')).toBe('2024-03-31T01:30:00.000Z');
  });

  test('zones with halves and quarters of hours are known', () => {
    expect(at('Asia/Kathmandu', '2024-01-01 00:00')).toBe('2023-12-31T18:15:00.000Z');
    expect(at('Australia/Lord_Howe', '2024-01-01 00:00')).toBe('2023-12-31T13:00:00.000Z');
  });

  test('a time on the clocks comes back as it was, but in an hour that comes twice', () => {
    const zone = 'Australia/Melbourne';
    const clock = createZoneClock(zone);
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    const times = fc.integer({ min: 0, max: 4e9 }).map((seconds) => seconds * 1000);
    fc.assert(
      fc.property(times, (ms) => {
        const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = format
          .format(ms)
          .split(/\D/)
          .map(Number);
        const back = clock({ year, month, day, hour, minute, second, millisecond: 0 });
        // The second of two equal hours is taken as the first.
        expect([ms, ms - 3_600_000]).toContain(back);
      }),
      { numRuns: 500 },
    );
  });
});
