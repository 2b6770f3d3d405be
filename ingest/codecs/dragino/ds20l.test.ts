import { describe, expect, it } from 'vitest';
import { cutShort, decodeHex, measuredOnce } from '../../testing/decode-hex.ts';

const decode = (hex: string, fPort = 2) => decodeHex('dragino/ds20l', hex, fPort);

describe('Dragino DS20L', () => {
  const periodic = '0d0a4003e80000000000';
  const continuous = '0d0a8003e807d00064';
  const count = '0d0a880000002a07d00064';

  it('reads battery and distance in either mode', () => {
    const measurement = measuredOnce({ batteryV: 3.338, distanceMm: 1000 });
    expect(decode(periodic)).toEqual(measurement);
    expect(decode(continuous)).toEqual(measurement);
  });

  it('reads no distance from a frame that counts', () => {
    expect(decode(count)).toEqual(measuredOnce({ batteryV: 3.338 }));
  });

  it.each([
    ['0d0a4003e80200000000', 'distance state 2'],
    ['0d0a4000000000000000', 'out of range'],
    ['0d0a401ffe0000000000', 'out of range'],
    ['0d0a8007d107d00064', 'out of range'],
  ])('takes %s as a fault, never as a level', (hex, sensorFault) => {
    expect(decode(hex)).toEqual(measuredOnce({ batteryV: 3.338, sensorFault }));
  });

  it('says its battery in a status frame', () => {
    expect(decode('2101000100000d12', 5)).toEqual(measuredOnce({ batteryV: 3.346 }));
    for (const hex of [...cutShort('2101000100000d12'), '2201000100000d12']) {
      expect(decode(hex, 5)).toMatchObject({ ok: false });
    }
  });

  it('refuses pieces, what comes behind, and other ports', () => {
    for (const frame of [periodic, continuous, count]) {
      for (const hex of [...cutShort(frame), `${frame}00`]) {
        expect(decode(hex)).toMatchObject({ ok: false });
      }
    }
    expect(decode(periodic, 42)).toMatchObject({ ok: false });
  });
});
