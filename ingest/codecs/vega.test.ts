import { describe, expect, it } from 'vitest';
import { cutShort, decodeHex, isRefused, measuredOnce } from '../testing/decode-hex.ts';

const decode = (hex: string, fPort: number | undefined = 1) =>
  decodeHex('vega/vegapuls-air', hex, fPort);

/** A packet 8 with this distance. */
function frame(distance: number, unit = '2d', battery = '5a', temperature = 'ffce20', tilt = '07') {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(distance);
  return `08${bytes.toString('hex')}${unit}${battery}${temperature}${tilt}`;
}

const REST = { batteryPercent: 90, temperatureC: -5, extras: { tiltDegrees: 7 } };

describe('VEGA VEGAPULS Air', () => {
  it.each([
    ['metres', '2d', 1.5, 1500],
    ['millimetres', '31', 1500, 1500],
    ['feet', '2c', 5, 1524],
    ['inches', '2f', 100, 2540],
  ])('reads a distance in %s', (_unit, code, distance, distanceMm) => {
    expect(decode(frame(distance, code))).toEqual(measuredOnce({ ...REST, distanceMm }));
  });

  it.each([NaN, Infinity, -1])('takes the distance %d as no echo, never as a level', (distance) => {
    expect(decode(frame(distance))).toEqual(measuredOnce({ ...REST, sensorFault: 'no echo' }));
  });

  it('reads degrees Fahrenheit', () => {
    expect(decode(frame(1.5, '2d', '5a', '02a821'))).toMatchObject(
      measuredOnce({ temperatureC: 20 }),
    );
  });

  it.each([
    ['no temperature', '800020'],
    ['a temperature of an unknown unit', 'ffce99'],
  ])('reads a distance with %s', (_what, temperature) => {
    expect(decode(frame(1.5, '2d', '5a', temperature))).toEqual(
      measuredOnce({ distanceMm: 1500, batteryPercent: 90, extras: { tiltDegrees: 7 } }),
    );
  });

  it('reads a sensor that hangs upside down', () => {
    expect(decode(frame(1.5, '2d', '5a', 'ffce20', 'b4'))).toMatchObject(
      measuredOnce({ extras: { tiltDegrees: 180 } }),
    );
  });

  it('believes no battery above 100 % and no lean beyond upside down', () => {
    expect(decode(frame(1.5, '2d', 'ff', 'ffce20', 'ff'))).toEqual(
      measuredOnce({ distanceMm: 1500, temperatureC: -5 }),
    );
  });

  it('accepts every port, since users choose it', () => {
    expect(decode(frame(1.5), 200)).toEqual(decode(frame(1.5), 1));
  });

  it.each([...cutShort(frame(1.5)), `${frame(1.5)}00`])(
    'refuses "%s", which is no whole frame',
    (hex) => {
      expect(isRefused(decode(hex))).toBe(true);
    },
  );

  it('refuses other packets by their number, and unknown units', () => {
    expect(decode(frame(1.5).replace(/^08/, '0a'))).toEqual({
      ok: false,
      reason: 'packet 10 is not read, only packet 8',
    });
    expect(isRefused(decode(frame(1.5, '20')))).toBe(true);
  });
});
