import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseBinId } from '../../domain/ids.ts';
import { idText, timeWithin, wholeNumber } from './influxql.ts';

test('an id stands between quotes as it is', () => {
  expect(idText('bin-1_a.B')).toBe("'bin-1_a.B'");
});

test('a text that could be more than a text is refused, whatever it is', () => {
  for (const text of ["' OR 1=1 --", 'a\\', '', 'a'.repeat(65), 'a\nb', 'ö', '"']) {
    expect(() => idText(text)).toThrow(TypeError);
  }
  const plain = /^'[A-Za-z0-9._-]{1,64}'$/;
  const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ maxLength: 3 }));
  fc.assert(
    fc.property(texts, (text) => {
      const isId = parseBinId(text) !== undefined;
      if (isId) expect(idText(text)).toMatch(plain);
      else if (!['__proto__', 'constructor', 'prototype', '.', '..'].includes(text)) {
        expect(() => idText(text)).toThrow(TypeError);
      }
    }),
  );
});

test('a number is written in digits, or refused', () => {
  expect(wholeNumber(1_795_521_600_000)).toBe('1795521600000');
  for (const value of [Number.NaN, -1, 0.5, Infinity, 1e21]) {
    expect(() => wholeNumber(value)).toThrow(TypeError);
  }
});

test('a span of time ends after its last millisecond, and where the time of InfluxDB does', () => {
  expect(timeWithin({ fromMs: 5, toMs: 9 })).toBe('time >= 5ms AND time < 10ms');
  const ever = timeWithin({ fromMs: 0, toMs: Date.UTC(9999, 11, 31) });
  expect(ever).toBe('time >= 0ms AND time < 9223372036854ms');
});
