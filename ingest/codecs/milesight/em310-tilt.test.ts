import { describe, expect, it } from 'vitest';
import { hasLevel } from '../../../domain/measurement.ts';
import { cutShort, decodeHex, measuredOnce, WITHOUT_TELEMETRY } from '../../testing/decode-hex.ts';

const decode = (hex: string) => decodeHex('milesight/em310-tilt', hex, 85);

describe('Milesight EM310-TILT', () => {
  it('reads the largest angle, and a passed threshold as tilted (example in the maker’s decoders)', () => {
    expect(decode('03cf00000000282307')).toEqual(
      measuredOnce({ tilted: true, extras: { tiltDegrees: 90 } }),
    );
  });

  it('reads an angle below zero by its size, and no passed threshold as upright', () => {
    expect(decode('01755c03cf18fc6400000000')).toEqual(
      measuredOnce({ batteryPercent: 92, tilted: false, extras: { tiltDegrees: 10 } }),
    );
  });

  it('never says a level', () => {
    const result = decode('01755c03cf00000000282300');
    expect(result.ok && result.measurements.some(hasLevel)).toBe(false);
    expect(decode('03824408')).toMatchObject({ ok: false });
  });

  it('takes a join packet as valid without telemetry', () => {
    expect(decode('ff0bffff0101ff0f00')).toEqual(WITHOUT_TELEMETRY);
  });

  it.each([...cutShort('03cf00000000282307'), '03cf0000000028230700'])('refuses "%s"', (hex) => {
    expect(decode(hex)).toMatchObject({ ok: false });
  });

  it.each([
    ['a fourth axis', '03cf00000000282308'],
    ['an angle beyond a half turn', '03cf00000000ff7f00'],
  ])('refuses %s', (_what, hex) => {
    expect(decode(hex)).toMatchObject({ ok: false });
  });
});
