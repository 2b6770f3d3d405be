import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indentJson } from './indent-json.ts';

describe('indented JSON', () => {
  test('looks as JSON.stringify indents it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(indentJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });

  test('does not depend on the blanks that were there before', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('\t', '    ', ' '), (value, blanks) => {
        expect(indentJson(JSON.stringify(value, null, blanks))).toBe(
          JSON.stringify(value, null, 2),
        );
      }),
    );
  });

  test.each([
    ['a number longer than a double holds', '{"id":12345678901234567890}', '12345678901234567890'],
    ['a number with zeros at its end', '{"fillPercent":71.50}', '71.50'],
    ['an exponent', '{"a":1E+2}', '1E+2'],
    ['an escape', '{"name":"\\u00c5"}', '"\\u00c5"'],
    ['a quote in a string', '{"a":"\\"},{\\\\"}', '"\\"},{\\\\"'],
    ['blanks in a string', '{"a":"x  \\t :y"}', '"x  \\t :y"'],
  ])('keeps %s as it was written', (_, text, part) => {
    expect(indentJson(text)).toContain(part);
  });

  test('keeps both of two equal keys', () => {
    expect(indentJson('{"a":1,"a":2}')).toBe('{\n  "a": 1,\n  "a": 2\n}');
  });

  test('gives up on depth that only an attacker sends, instead of filling the memory', () => {
    const deep = '['.repeat(1000) + ']'.repeat(1000);
    // Compared by length, because telling the difference would fill the memory too.
    expect(indentJson(deep).length).toBe(deep.length);
  });
});

test.each(['', 'plain words', '{"a":1', '{"a":NaN}', '\ufeff{}', "{'a':1}"])(
  'what is not JSON stays as it is: %o',
  (text) => {
    expect(indentJson(text)).toBe(text);
  },
);

test('any text keeps everything but its blanks', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), (text) => {
      expect(indentJson(text).replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
    }),
  );
});
