import { describe, expect, it } from 'vitest';
import {
  cutShort,
  decodeHex,
  isRefused,
  measuredOnce,
  WITHOUT_TELEMETRY,
} from '../testing/decode-hex.ts';

const decode = (hex: string, fPort: number | undefined = 5) => decodeHex('elsys/elt-2', hex, fPort);

/** Temperature, humidity, acceleration, battery, distance, movements, pressure. */
const ITEMS = ['0100c8', '0230', '03003f01', '070e10', '0e04d2', '0f02', '14000f6950'];
const FRAME = ITEMS.join('');

describe('ELSYS ELT', () => {
  it('reads temperature, humidity, battery and distance, and passes by what it does not need', () => {
    expect(decode(FRAME)).toEqual(
      measuredOnce({
        temperatureC: 20,
        batteryV: 3.6,
        distanceMm: 1234,
        extras: { humidityPercent: 48 },
      }),
    );
  });

  it('reads temperatures below zero as negative', () => {
    expect(decode('01ffce')).toEqual(measuredOnce({ temperatureC: -5 }));
  });

  it('takes a distance of all ones as no echo, never as a level', () => {
    expect(decode('0effff070e10')).toEqual(measuredOnce({ batteryV: 3.6, sensorFault: 'no echo' }));
  });

  it('reads no humidity above 100 %', () => {
    expect(decode('02ff0100c8')).toEqual(measuredOnce({ temperatureC: 20 }));
  });

  it('takes items of other inputs alone as valid without telemetry', () => {
    expect(decode('0d010f05')).toEqual(WITHOUT_TELEMETRY);
  });

  it('accepts every port, since users choose it', () => {
    for (const fPort of [1, 5, 200, undefined]) {
      expect(decode('0e04d2', fPort)).toEqual(measuredOnce({ distanceMm: 1234 }));
    }
  });

  it('refuses an unknown item even behind a distance, since the rest cannot be found', () => {
    expect(decode('0e04d2400e0001')).toEqual({
      ok: false,
      reason: 'unknown item 0x40 at byte 3, so nothing behind it can be found',
    });
  });

  it('refuses a distance that comes twice', () => {
    expect(isRefused(decode('0e04d20e04d3'))).toBe(true);
  });

  // Items end where they end: a frame cut between two of them is a shorter frame.
  const borders = new Set(ITEMS.map((_, index) => ITEMS.slice(0, index + 1).join('')));
  it.each(cutShort(FRAME).filter((piece) => !borders.has(piece)))(
    'refuses the piece "%s"',
    (piece) => {
      expect(isRefused(decode(piece))).toBe(true);
    },
  );

  it('refuses bytes left over', () => {
    expect(isRefused(decode(`${FRAME}00`))).toBe(true);
    expect(isRefused(decode(`${FRAME}0e`))).toBe(true);
  });
});
