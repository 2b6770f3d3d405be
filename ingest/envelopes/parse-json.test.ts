import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_JSON_BYTES, parseJson } from './parse-json.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const nested = (depth: number) => utf8('['.repeat(depth) + ']'.repeat(depth));

describe('parseJson', () => {
  it.each(['{"a":[1,2.5,"å",null,true]}', ' 1 ', '"\\ud83d\\ude00"', '[]', '"]]]{{{["'])(
    'reads %s',
    (text) => {
      expect(parseJson(utf8(text))).toEqual({ ok: true, value: JSON.parse(text) });
    },
  );

  it.each(['', ' ', 'NaN', 'Infinity', '{"a":NaN}', '{a:1}', '{"a":1,}', '{"a":1}x', "'a'", '"\\'])(
    'refuses %j as not JSON',
    (text) => {
      expect(parseJson(utf8(text))).toEqual({ ok: false, reason: 'not-json' });
    },
  );

  it.each([
    ['a byte order mark', Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d)],
    ['UTF-16 with its mark', Uint8Array.of(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00)],
    ['Latin-1', Uint8Array.of(0x22, 0xe5, 0x22)],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 0x08, 0x00)],
    ['an overlong slash', Uint8Array.of(0x22, 0xc0, 0xaf, 0x22)],
    ['half a character in bytes', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22)],
    ['half a character as an escape', utf8('{"a":["x\\ud83d"]}')],
    ['half a character in a key', utf8('{"\\uDE00":1}')],
  ])('refuses %s as badly encoded', (_what, bytes) => {
    expect(parseJson(bytes)).toEqual({ ok: false, reason: 'bad-encoding' });
  });

  it('reads UTF-16 without a mark as what it is, not JSON', () => {
    expect(parseJson(Uint8Array.of(0x7b, 0x00, 0x7d, 0x00))).toEqual({
      ok: false,
      reason: 'not-json',
    });
  });

  it('reads 32 levels and refuses 33, a hundred thousand, and as many objects', () => {
    expect(parseJson(nested(32))).toMatchObject({ ok: true });
    expect(parseJson(nested(33))).toEqual({ ok: false, reason: 'too-deep' });
    expect(parseJson(utf8('['.repeat(100_000)))).toEqual({ ok: false, reason: 'too-deep' });
    expect(parseJson(utf8('{"a":'.repeat(40_000)))).toEqual({ ok: false, reason: 'too-deep' });
  });

  it('does not count brackets in strings, whatever is escaped there', () => {
    const text = JSON.stringify(['"\\' + '['.repeat(50)]);
    expect(parseJson(utf8(text))).toMatchObject({ ok: true });
  });

  it('refuses what is longer than any real message', () => {
    const padding = ' '.repeat(MAX_JSON_BYTES - 1);
    expect(parseJson(utf8(`1${padding}`))).toEqual({ ok: true, value: 1 });
    expect(parseJson(utf8(`1${padding} `))).toEqual({ ok: false, reason: 'too-long' });
  });

  it('leaves __proto__ an ordinary key', () => {
    const result = parseJson(utf8('{"__proto__":{"polluted":true}}'));
    expect(result).toMatchObject({ ok: true });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('gives back every JSON value that is well formed and shallow', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        expect(parseJson(utf8(text))).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  it('never throws for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const result = parseJson(bytes);
        if (!result.ok) expect(['bad-encoding', 'not-json', 'too-deep']).toContain(result.reason);
      }),
    );
  });
});
