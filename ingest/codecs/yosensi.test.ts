import { describe, expect, it } from 'vitest';
import {
  cutShort,
  decodeHex,
  isRefused,
  measuredOnce,
  WITHOUT_TELEMETRY,
} from '../testing/decode-hex.ts';

const decode = (hex: string, fPort?: number) => decodeHex('yosensi/yo-distance', hex, fPort);

const HEAD = '02070000';
/** Battery 3600 mV, temperature -5.0 °C, humidity 48 %, distance 1234 mm. */
const ITEMS = ['0800010e10', '0d0001ffce', '10000030', '28000104d2'];
const FRAME = `${HEAD}${ITEMS.join('')}`;

describe('Yosensi YO Distance', () => {
  it('reads battery, temperature, humidity and distance', () => {
    expect(decode(FRAME)).toEqual(
      measuredOnce({
        ...{ batteryV: 3.6, temperatureC: -5, distanceMm: 1234 },
        extras: { humidityPercent: 48 },
      }),
    );
  });

  it('reads decimal places and addresses', () => {
    // Two decimal places, an address of two bytes, a value of four.
    expect(decode(`${HEAD}2a0023abcd0001e208`)).toEqual(measuredOnce({ distanceMm: 1234 }));
  });

  it.each([
    ['7f', 127],
    ['80', -128],
  ])('reads the value %s as %i', (byte, temperatureC) => {
    expect(decode(`${HEAD}0c0000${byte}`)).toEqual(measuredOnce({ temperatureC }));
  });

  it('passes by what it does not need', () => {
    expect(decode(`${HEAD}380005000100020003${ITEMS[3]}`)).toEqual(
      measuredOnce({ distanceMm: 1234 }),
    );
    expect(decode(`${HEAD}0400000104000001`)).toEqual(WITHOUT_TELEMETRY);
  });

  it('keeps the first of several temperatures', () => {
    expect(decode(`${HEAD}0d0001ffce0d00110100c8`)).toEqual(measuredOnce({ temperatureC: -5 }));
  });

  it('reads a distance of nothing as one', () => {
    expect(decode(`${HEAD}2800010000`)).toEqual(measuredOnce({ distanceMm: 0 }));
  });

  it('takes a distance below zero as no echo, never as a level', () => {
    expect(decode(`${HEAD}${ITEMS[0]}280001ffff`)).toEqual(
      measuredOnce({ batteryV: 3.6, sensorFault: 'no echo' }),
    );
  });

  it('refuses a distance of more bytes than distances have', () => {
    expect(isRefused(decode(`${HEAD}2800040000000001`))).toBe(true);
  });

  it('reads a value that is some minutes old, and refuses to date an older one', () => {
    expect(decode(`02070258${ITEMS[3]}`)).toEqual(measuredOnce({ distanceMm: 1234 }));
    expect(isRefused(decode(`02070259${ITEMS[3]}`))).toBe(true);
    expect(isRefused(decode(`0207ffff${ITEMS[3]}`))).toBe(true);
    expect(decode('0207025928010104d2')).toEqual(measuredOnce({ distanceMm: 1234 }));
  });

  it('refuses several distances, since they cannot be dated', () => {
    expect(isRefused(decode(`${FRAME}280a0104d3`))).toBe(true);
  });

  // Values say their length: a frame cut between two of them is a shorter frame.
  const borders = new Set(ITEMS.map((_, index) => HEAD + ITEMS.slice(0, index + 1).join('')));
  it.each(cutShort(FRAME).filter((piece) => !borders.has(piece)))(
    'refuses the piece "%s"',
    (piece) => {
      expect(isRefused(decode(piece))).toBe(true);
    },
  );

  it('refuses bytes left over and other versions', () => {
    expect(isRefused(decode(`${FRAME}00`))).toBe(true);
    expect(isRefused(decode(FRAME.replace(/^02/, '01')))).toBe(true);
  });
});
