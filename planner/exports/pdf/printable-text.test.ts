import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nastyName } from '../testing/nasty-names.ts';
import { printableText } from './printable-text.ts';

test('Swedish and its neighbours print as they are', () => {
  const text = 'Åkervägen 5, Östra ÅÄÖåäö éüßæøÆØ “citat” – … €';
  expect(printableText(text)).toBe(text);
  expect(printableText('A\u030Angs')).toBe('Ångs');
});

test('a letter without a shape loses its mark, or becomes a question mark', () => {
  expect(printableText('Łódź Şişli Đà Nẵng')).toBe('Lódz Sisli Dà Nang');
  expect(printableText('שלום 😀')).toBe('???? ?');
  expect(printableText('a\u202Eb\u200Bc\u00ADd')).toBe('abcd');
});

test('any text becomes one of letters that fonts have', () => {
  fc.assert(
    fc.property(nastyName(), (name) => {
      const windows1252 = new TextDecoder('windows-1252');
      const all = new Set(windows1252.decode(Uint8Array.from({ length: 224 }, (_, i) => i + 32)));
      const strange = Array.from(printableText(name)).filter(
        (letter) => letter !== '\n' && !all.has(letter),
      );
      expect(strange).toEqual([]);
    }),
  );
});
