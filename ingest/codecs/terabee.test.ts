import { describe, expect, it } from 'vitest';
import { cutShort, decodeHex, isRefused, measuredOnce } from '../testing/decode-hex.ts';

const decode = (hex: string, fPort: number | undefined = 1) =>
  decodeHex('terabee/lora-lm-xl', hex, fPort);

const FRAME = '04d2320d4800';

describe('Terabee LM XL', () => {
  it('reads distance, fill and battery', () => {
    expect(decode(FRAME)).toEqual(
      measuredOnce({ distanceMm: 1234, fillPercent: 50, batteryV: 3.4 }),
    );
  });

  it.each([
    ['0000', 'target too close'],
    ['0001', 'invalid reading'],
    ['ffff', 'target too far'],
  ])('takes the raw distance %s as a fault, and believes no fill', (distance, sensorFault) => {
    expect(decode(`${distance}320d4800`)).toEqual(measuredOnce({ batteryV: 3.4, sensorFault }));
  });

  it('keeps the distance when the fill is in error', () => {
    expect(decode('04d2ff0d4800')).toEqual(measuredOnce({ distanceMm: 1234, batteryV: 3.4 }));
  });

  it.each(['08', '09', '80'])('believes no level with the error bits %s', (errors) => {
    expect(decode(`04d2320d48${errors}`)).toEqual(
      measuredOnce({ batteryV: 3.4, sensorFault: expect.stringMatching(/^error bits 0x/) }),
    );
  });

  it('believes the level, but not the battery, when that could not be read', () => {
    expect(decode('04d2320d4804')).toEqual(measuredOnce({ distanceMm: 1234, fillPercent: 50 }));
  });

  it('believes the level after a restart', () => {
    expect(decode('04d2320d4801')).toMatchObject(measuredOnce({ distanceMm: 1234 }));
  });

  it.each([...cutShort(FRAME), `${FRAME}00`])('refuses "%s", which is no whole frame', (hex) => {
    expect(isRefused(decode(hex))).toBe(true);
  });

  it('refuses other ports', () => {
    expect(isRefused(decode(FRAME, 2))).toBe(true);
    expect(isRefused(decodeHex('terabee/lora-lm-xl', FRAME, undefined))).toBe(true);
  });
});
