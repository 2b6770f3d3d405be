import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesFromBase64, hexDump, spaceHex } from './payload-bytes.ts';

const bytes = fc.uint8Array({ maxLength: 100 });

describe('bytes from base64', () => {
  test('are the bytes that were encoded', () => {
    fc.assert(
      fc.property(bytes, (original) => {
        expect(bytesFromBase64(Buffer.from(original).toString('base64'))).toEqual(original);
      }),
    );
  });

  test('of what is not base64 are an error, not other bytes', () => {
    expect(() => bytesFromBase64('not base64!')).toThrow();
  });
});

describe('a hex dump', () => {
  test('has eight bytes in a line, between their offset and what can be printed of them', () => {
    const dump = hexDump(Buffer.from('{"fill":71}\n\u00e5', 'utf8'));
    expect(dump.split('\n')).toEqual([
      '0000  7b 22 66 69 6c 6c 22 3a  {"fill":',
      '0008  37 31 7d 0a c3 a5        71}...',
    ]);
  });

  test('of no bytes is empty', () => {
    expect(hexDump(new Uint8Array())).toBe('');
  });

  test('can be read back, byte for byte', () => {
    fc.assert(
      fc.property(bytes, (original) => {
        const lines = hexDump(original).split('\n');
        const digits = lines.map((line) => line.slice(6, 6 + 23).replaceAll(' ', ''));
        expect(Buffer.from(digits.join(''), 'hex')).toEqual(Buffer.from(original));
      }),
    );
  });

  test('shows no character that could change what stands around it', () => {
    fc.assert(
      fc.property(bytes, (original) => {
        expect(hexDump(original)).toMatch(/^[\x20-\x7e\n]*$/);
      }),
    );
  });
});

test('hexadecimal digits are grouped by bytes', () => {
  expect(spaceHex('0a1bff')).toBe('0a 1b ff');
  expect(spaceHex('')).toBe('');
  // A digit too few is shown, not hidden.
  expect(spaceHex('0a1')).toBe('0a 1');
});
