import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { formatLogLine } from './log-line.ts';
import { formatPartLine } from './supervise/part-log.ts';

const TIME = new Date(2026, 10, 24, 8, 5, 9).getTime();
const LINE = JSON.stringify({
  level: 40,
  time: TIME,
  part: 'ingest',
  door: 'mqtt',
  reasons: { clock: 2 },
  err: { type: 'Error', message: 'no disk', stack: 'at ...' },
  msg: 'messages were quarantined',
});

describe('a log line', () => {
  test('is one line for people, without what everybody knows and without a stack', () => {
    expect(formatLogLine(LINE, false)).toBe(
      '08:05:09 warn  messages were quarantined door=mqtt reasons={"clock":2} err="no disk"',
    );
  });

  test('that is no JSON stays as it is', () => {
    expect(formatLogLine('{ not json', false)).toBe('{ not json');
    expect(formatLogLine('plain', false)).toBe('plain');
  });

  test('for machines is always one JSON object', () => {
    const options = { forPeople: false, colour: false, nowMs: TIME };
    expect(formatPartLine('ingest', LINE, options)).toBe(LINE);
    expect(JSON.parse(formatPartLine('broker', 'Segmentation fault', options))).toEqual({
      level: 50,
      time: TIME,
      part: 'broker',
      msg: 'Segmentation fault',
    });
  });

  test('for people begins with its part', () => {
    const options = { forPeople: true, colour: false, nowMs: TIME };
    expect(formatPartLine('broker', 'hello', options)).toBe('broker    | hello');
    const coloured = formatPartLine('broker', LINE, { ...options, colour: true });
    expect(coloured).not.toBe(stripVTControlCharacters(coloured));
    expect(stripVTControlCharacters(coloured)).toBe(formatPartLine('broker', LINE, options));
  });
});
