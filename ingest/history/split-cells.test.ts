import fc from 'fast-check';
import { stringify } from 'csv-stringify/sync';
import { expect, test } from 'vitest';
import { splitCells } from './split-cells.ts';

test.each([
  ['a,b', ['a', 'b']],
  ['', ['']],
  [',', ['', '']],
  ['"a,b",c', ['a,b', 'c']],
  ['"say ""no""",', ['say "no"', '']],
  ['"two\nlines",x', ['two\nlines', 'x']],
  ['12" lid,x', ['12" lid', 'x']],
  ['"",""', ['', '']],
])('%j is split', (row, cells) => {
  expect(splitCells(row, ',')).toEqual({ ok: true, cells });
});

test('a quote that is not closed yet asks for more', () => {
  expect(splitCells('a,"b', ',')).toEqual({ ok: false, reason: 'open' });
  expect(splitCells('a,"b""', ',')).toEqual({ ok: false, reason: 'open' });
});

test('text after a closing quote is damage', () => {
  expect(splitCells('"a"b,c', ',')).toEqual({ ok: false, reason: 'after-quote' });
});

test('whatever is written as a row is read back', () => {
  const row = fc.array(fc.string({ unit: 'grapheme' }), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(row, fc.constantFrom(',', ';', '\t'), (cells, delimiter) => {
      const text = stringify([cells], { delimiter, eof: false, quoted: true });
      expect(splitCells(text, delimiter)).toEqual({ ok: true, cells });
    }),
  );
});
