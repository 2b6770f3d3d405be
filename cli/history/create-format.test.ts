import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFormat } from './create-format.ts';
import type { FormatOptions } from './create-format.ts';
import {
  delimiterArgument,
  mapArgument,
  streamPairArgument,
  timeOfDayArgument,
  timeZoneArgument,
} from './import-arguments.ts';

const CSV = { format: 'csv', map: { device: 'a', time: 'b', fill: 'c' } } as const;
const TOLD = { fillScale: 'percent', dateFormat: 'rfc3339' } as const;

describe('what a format must be told', () => {
  test.each<[FormatOptions, string]>([
    [{ format: 'csv' }, 'which columns are device and time'],
    [{ format: 'csv', map: { device: 'a' } }, 'which columns are device and time'],
    [{ format: 'csv', map: { device: 'a', time: 'b' } }, 'at least one of the columns'],
    [{ ...CSV, dateFormat: 'rfc3339' }, 'say --fill-scale'],
    [{ ...CSV, ...TOLD, map: { ...CSV.map, distance: 'd' } }, 'say --distance-unit'],
    [{ ...CSV, ...TOLD, distanceUnit: 'mm' }, 'none is mapped'],
    [{ ...CSV, fillScale: 'percent' }, 'say --date-format'],
    [{ ...CSV, ...TOLD, dateFormat: 'YYYY-MM-DD' }, 'say --time-zone'],
    [{ ...CSV, ...TOLD, dateFormat: 'yy', timeZone: 'UTC' }, 'yy is not a pattern'],
    [{ format: 'bigbelly-clean' }, 'say --time-zone'],
    [{ format: 'wyndham', fillScale: 'ratio' }, '--fill-scale is not for the format wyndham'],
    [{ format: 'dtu', timeZone: 'UTC' }, '--time-zone is not for the format dtu'],
    [{ format: 'bigbelly-clean', timeOfDay: { hour: 1, minute: 0 } }, '--time-of-day is not for'],
  ])('%j is refused', (options, message) => {
    expect(() => createFormat(options)).toThrow(message);
  });

  test('is enough when nothing is left to guess', () => {
    expect(createFormat({ ...CSV, ...TOLD }).name).toBe('csv');
    expect(createFormat({ format: 'bigbelly-clean', timeZone: 'UTC' }).name).toBe('bigbelly-clean');
    expect(createFormat({ format: 'wyndham' }).meaning).toMatchObject({
      timeZone: 'Australia/Melbourne',
    });
    expect(createFormat({ format: 'dtu' }).name).toBe('dtu');
  });

  test('a device without a column of its own is named after its bin', () => {
    const { meaning } = createFormat({ ...CSV, ...TOLD, map: { bin: 'a', time: 'b', fill: 'c' } });
    expect(meaning['columns']).toEqual({ device: 'a', bin: 'a', time: 'b', fill: 'c' });
  });
});

describe('a mapping in a file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'tunna-mapping-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(content: unknown): string {
    const file = path.join(folder, 'm.json');
    writeFileSync(file, JSON.stringify(content));
    return file;
  }

  test('says what the options would say; the command line goes before it', () => {
    const mapping = write({
      columns: { device: 'a', time: 'b', fill: 'c' },
      ...{ fillScale: 'tenths', dateFormat: 'YYYY-MM-DD', timeZone: 'UTC', timeOfDay: '06:30' },
      ...{ delimiter: 'tab', decimalComma: true },
    });
    expect(createFormat({ format: 'csv', mapping, fillScale: 'percent' }).meaning).toEqual({
      format: 'csv',
      columns: { device: 'a', time: 'b', fill: 'c' },
      time: { dateFormat: 'YYYY-MM-DD', timeZone: 'UTC', timeOfDay: { hour: 6, minute: 30 } },
      ...{ fillScale: 'percent', delimiter: '\t', decimalComma: true },
    });
  });

  test.each([
    [{ columns: { devise: 'a' } }, 'columns'],
    [{ fillScale: 'full' }, 'fillScale'],
    [{ timeZone: 'Mars' }, 'timeZone: It must be the name of a time zone'],
    [{ scale: 'percent' }, 'scale'],
    [[], 'expected object'],
  ])('%j is refused', (content, message) => {
    expect(() => createFormat({ format: 'csv', mapping: write(content) })).toThrow(message);
  });
});

describe('options', () => {
  test('map columns, in one go or several', () => {
    expect(mapArgument('fill=Level %', mapArgument('device=Sensor, time=When (UTC)'))).toEqual({
      ...{ device: 'Sensor', time: 'When (UTC)', fill: 'Level %' },
    });
    expect(() => mapArgument('device=a,device=b')).toThrow('twice');
    expect(() => mapArgument('fill=')).toThrow('is not one of');
  });

  test('name signs, zones, times and streams', () => {
    expect(delimiterArgument('tab')).toBe('\t');
    expect(() => delimiterArgument('::')).toThrow('one sign');
    expect(() => delimiterArgument('"')).toThrow('one sign');
    expect(timeZoneArgument('Europe/Stockholm')).toBe('Europe/Stockholm');
    expect(() => timeZoneArgument('Mars')).toThrow('time zone');
    expect(timeOfDayArgument('06:30')).toEqual({ hour: 6, minute: 30 });
    expect(() => timeOfDayArgument('24:00')).toThrow('time of day');
    expect(streamPairArgument('general=residual', { a: 'paper' })).toEqual({
      ...{ a: 'paper', general: 'residual' },
    });
    expect(() => streamPairArgument('general=waste')).toThrow('streams are');
  });
});
