import { describe, expect, it } from 'vitest';
import { BitReader } from './bit-reader.ts';

describe('BitReader', () => {
  it('reads numbers across the borders of bytes', () => {
    const reader = new BitReader(Uint8Array.of(0b1010_0000, 0b1111_0001, 0xff));
    expect(reader.bits(3)).toBe(0b101);
    expect(reader.bits(7)).toBe(0b000_0011);
    expect(reader.flag()).toBe(true);
    reader.skip(1);
    expect(reader.bits(12)).toBe(0x1ff);
    expect(reader.overrun).toBe(false);
  });

  it('reads 32 bits as an unsigned number', () => {
    expect(new BitReader(Uint8Array.of(0xff, 0xff, 0xff, 0xfe)).bits(32)).toBe(0xfffffffe);
  });

  it('gives NaN and stays overrun once it was read past the end', () => {
    const reader = new BitReader(Uint8Array.of(0xff));
    expect(reader.bits(9)).toBeNaN();
    expect(reader.bits(1)).toBeNaN();
    expect(reader.flag()).toBe(false);
    expect(reader.overrun).toBe(true);
  });

  it('reads a window of a larger buffer and nothing around it', () => {
    const reader = new BitReader(Uint8Array.of(9, 1, 9).subarray(1, 2));
    expect(reader.bits(8)).toBe(1);
    reader.skip(1);
    expect(reader.overrun).toBe(true);
  });
});
