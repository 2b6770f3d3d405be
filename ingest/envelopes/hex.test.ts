import { expect, it } from 'vitest';
import { decodeHex } from './hex.ts';

it.each([
  ['', []],
  ['0aFF', [10, 255]],
])('decodes "%s"', (text, bytes) => {
  expect(decodeHex(text)).toEqual(Uint8Array.from(bytes));
});

it.each(['0', '0g', '01 02', '0x01'])('knows that "%s" is not hexadecimal', (text) => {
  expect(decodeHex(text)).toBeUndefined();
});
