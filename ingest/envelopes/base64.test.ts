import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64 } from './base64.ts';

describe('decodeBase64', () => {
  it('reads back all bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(decodeBase64(Buffer.from(bytes).toString('base64'))).toEqual(bytes);
      }),
    );
  });

  it.each(['AXVc=', 'AXVcA', 'AX Vc', 'AXVc\n', '_-8=', 'AXV!', '====', 'AR=='])(
    'refuses %j instead of skipping parts of it',
    (text) => {
      expect(decodeBase64(text)).toBeUndefined();
    },
  );
});
