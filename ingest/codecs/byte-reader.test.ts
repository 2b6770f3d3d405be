import { describe, expect, it } from 'vitest';
import { ByteReader } from './byte-reader.ts';

describe('ByteReader', () => {
  it('reads numbers in both byte orders and both signs', () => {
    const reader = new ByteReader(
      Uint8Array.of(0xff, 0xfe, 0x01, 0x02, 0xff, 0xfe, 1, 2, 0xfe, 0xff),
    );
    expect(reader.uint8()).toBe(255);
    expect(reader.int8()).toBe(-2);
    expect(reader.uint16()).toBe(0x0102);
    expect(reader.int16()).toBe(-2);
    expect(reader.uint16LittleEndian()).toBe(0x0201);
    expect(reader.int16LittleEndian()).toBe(-2);
    expect(reader.remaining).toBe(0);
    expect(reader.overrun).toBe(false);
  });

  it('reads 32 bits in both byte orders, both signs and as a fraction', () => {
    const words = ['fffffffe', 'fffffffe', '01020304', 'feffffff', '41ce0000', '0000ce41'];
    const reader = new ByteReader(new Uint8Array(Buffer.from(words.join(''), 'hex')));
    expect(reader.uint32()).toBe(4_294_967_294);
    expect(reader.int32()).toBe(-2);
    expect(reader.uint32LittleEndian()).toBe(0x04030201);
    expect(reader.int32LittleEndian()).toBe(-2);
    expect(reader.float32()).toBe(25.75);
    expect(reader.float32LittleEndian()).toBe(25.75);
    expect(reader.overrun).toBe(false);
    expect(reader.float32()).toBeNaN();
    expect(reader.uint32LittleEndian()).toBeNaN();
    expect(reader.overrun).toBe(true);
  });

  it('gives bytes as they are, and none where there are too few', () => {
    const reader = new ByteReader(Uint8Array.of(9, 1, 2, 3, 9).subarray(1, 4));
    expect(reader.bytes(2)).toEqual(Uint8Array.of(1, 2));
    expect(reader.overrun).toBe(false);
    expect(reader.bytes(2)).toEqual(Uint8Array.of());
    expect(reader.overrun).toBe(true);
  });

  it('gives NaN and stays overrun once it was read past the end', () => {
    const reader = new ByteReader(Uint8Array.of(1));
    expect(reader.uint16()).toBeNaN();
    expect(reader.uint8()).toBeNaN();
    expect(reader.overrun).toBe(true);
  });

  it('reads a window of a larger buffer and nothing around it', () => {
    const window = Uint8Array.of(9, 1, 2, 9).subarray(1, 3);
    const reader = new ByteReader(window);
    expect(reader.uint16()).toBe(0x0102);
    reader.skip(1);
    expect(reader.overrun).toBe(true);
  });
});
