import { cleanText } from '../clean-text.ts';

/** What code page 1252 has beyond Latin-1. */
const BEYOND_LATIN_1 = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ';
/** Letters that do not fall apart into a base letter and a mark. */
const BASES: Readonly<Record<string, string>> = { ł: 'l', Ł: 'L', đ: 'd', Đ: 'D', ı: 'i' };

/**
 * A text in the letters that every PDF reader has a font for (code page 1252: all of Swedish and most of Europe). Other Latin
 * letters lose their marks, anything else becomes a question mark: a wrong letter would be worse than a missing one.
 */
export function printableText(text: string): string {
  return Array.from(cleanText(text).normalize('NFC'), printable).join('');
}

function printable(character: string): string {
  if (isPrintable(character)) return character;
  if (/\s/u.test(character)) return ' ';
  // A soft hyphen, a joiner or a mark of direction has no shape of its own.
  if (/[\p{Cf}\p{Mn}]/u.test(character)) return '';
  const base = BASES[character] ?? character.normalize('NFKD').replaceAll(/\p{Mn}/gu, '');
  return base !== '' && Array.from(base).every(isPrintable) ? base : '?';
}

function isPrintable(character: string): boolean {
  return (
    /^[\n\u0020-\u007E\u00A1-\u00AC\u00AE-\u00FF]$/u.test(character) ||
    BEYOND_LATIN_1.includes(character)
  );
}
