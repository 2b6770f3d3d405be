import { describe, expect, it } from 'vitest';
import { cutShort, decodeHex, measuredOnce } from '../../testing/decode-hex.ts';

const decode = (hex: string) => decodeHex('milesight/ws201', hex, 85);

describe('Milesight WS201', () => {
  it('reads what remains as the rest of the fill (example in lorawan-devices, ws201-codec.yaml)', () => {
    expect(decode('01756403823e0004d645')).toEqual(
      measuredOnce({ batteryPercent: 100, distanceMm: 62, fillPercent: 31 }),
    );
  });

  it.each([
    ['64', 0],
    ['00', 100],
  ])('reads remaining %s as a fill of %i percent', (remaining, fillPercent) => {
    expect(decode(`04d6${remaining}`)).toEqual(measuredOnce({ fillPercent }));
  });

  it('believes no fill that was computed from no distance', () => {
    expect(decode('0382fdff04d664')).toEqual(measuredOnce({ sensorFault: 'no target' }));
  });

  it.each(['04d665', '04d6ff'])('refuses %s, which is more than everything', (hex) => {
    expect(decode(hex)).toMatchObject({ ok: false });
  });

  it('reads no level from a frame cut short in its first level, nor with a byte behind its last', () => {
    for (const hex of cutShort('03823e00')) expect(decode(hex)).toMatchObject({ ok: false });
    expect(decode('03823e0004d64500')).toMatchObject({ ok: false });
  });
});
