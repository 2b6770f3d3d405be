import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fieldsAsJson } from './record-row.ts';

test('the fields are written as JSON.stringify writes them, whatever is in the texts', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme-ascii' }));
  const flag = fc.constantFrom(0, 1);
  fc.assert(
    fc.property(
      fc.maxSafeNat(),
      fc.maxSafeNat(),
      fc.option(text),
      text,
      fc.constantFrom(0, 1, 2),
      fc.option(fc.nat(65_535)),
      flag,
      flag,
      (...fields) => {
        expect(fieldsAsJson(...fields)).toBe(JSON.stringify(fields));
      },
    ),
  );
});
