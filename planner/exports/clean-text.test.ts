import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanText, oneLine, shorten } from './clean-text.ts';
import { nastyName } from './testing/nasty-names.ts';

test('what XML cannot carry is replaced, and everything else kept', () => {
  expect(cleanText('a\u0000b\u001Fc\uD83Dd\uFFFFe')).toBe('a\uFFFDb\uFFFDc\uFFFDd\uFFFDe');
  expect(cleanText('Å\t\n😀 שלום')).toBe('Å\t\n😀 שלום');
});

test('a title is one line', () => {
  expect(oneLine(' rad 1\r\n\trad 2 ')).toBe('rad 1 rad 2');
});

test('a long text is cut between characters, with a mark', () => {
  expect(shorten('abcde', 5)).toBe('abcde');
  expect(shorten('abcdef', 5)).toBe('abcd…');
  expect(shorten('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 2)).toBe('👩‍👩‍👧‍👦…');
});

test('any text becomes well formed, and cleaning it again changes nothing', () => {
  fc.assert(
    fc.property(nastyName(), (name) => {
      const clean = cleanText(name);
      expect(clean.isWellFormed()).toBe(true);
      expect(cleanText(clean)).toBe(clean);
    }),
  );
});
