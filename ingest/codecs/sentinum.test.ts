import { describe, expect, it } from 'vitest';
import { cutShort, decodeHex, isRefused, measuredOnce } from '../testing/decode-hex.ts';

const decode = (hex: string, fPort: number | undefined = 1) =>
  decodeHex('sentinum/apollon-q', hex, fPort);

const frame = (blocks: string, rest = '', distance = '04d2') =>
  `112${blocks}07157c7b00${distance}${rest}`;
const REST = { batteryV: 5.5, temperatureC: -5, extras: { deviceCounter: 7 } };

const FRAMES = [
  frame('0'),
  frame('1', '00'.repeat(4)),
  frame('2', '00'.repeat(14)),
  frame('5', '00'.repeat(10)),
  frame('8', '00'.repeat(3)),
  frame('f', '00'.repeat(27)),
];

describe('Sentinum Apollon', () => {
  it.each(FRAMES)('reads the device’s own distance, whatever blocks follow: %s', (hex) => {
    expect(decode(hex)).toEqual(measuredOnce({ ...REST, distanceMm: 1234 }));
    expect(decodeHex('sentinum/apollon-zeta', hex, 1)).toEqual(decode(hex));
  });

  it.each(['0000', 'ffff'])('takes the distance %s as no echo, never as a level', (distance) => {
    expect(decode(frame('0', '', distance))).toEqual(
      measuredOnce({ ...REST, sensorFault: 'no echo' }),
    );
  });

  it.each(FRAMES.flatMap((hex) => [...cutShort(hex), `${hex}00`]))('refuses "%s"', (hex) => {
    expect(isRefused(decode(hex))).toBe(true);
  });

  it('refuses other ports', () => {
    expect(isRefused(decode(frame('0'), 2))).toBe(true);
  });
});
