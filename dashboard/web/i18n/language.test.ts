import { expect, test } from 'vitest';
import { parseLanguage, pickLanguage } from './language.ts';

test.each([
  ['sv', 'sv'],
  ['sv-SE', 'sv'],
  ['sv-FI', 'sv'],
  ['EN-us', 'en'],
  ['de', undefined],
  ['svenska', undefined],
  ['', undefined],
  [null, undefined],
  [undefined, undefined],
])('the tag %o means %o', (tag, language) => {
  expect(parseLanguage(tag)).toBe(language);
});

test('the first language of the browser that the page speaks is taken', () => {
  expect(pickLanguage(['de-DE', 'en-GB', 'sv'])).toBe('en');
  expect(pickLanguage(['sv-SE', 'en'])).toBe('sv');
});

test('who speaks neither gets Swedish', () => {
  expect(pickLanguage(['de', 'fi'])).toBe('sv');
  expect(pickLanguage([])).toBe('sv');
});
