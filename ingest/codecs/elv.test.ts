import { describe, expect, it } from 'vitest';
import {
  cutShort,
  decodeHex,
  isRefused,
  measuredOnce,
  WITHOUT_TELEMETRY,
} from '../testing/decode-hex.ts';

const decode = (hex: string, fPort: number | undefined = 10) =>
  decodeHex('elv/elv-lw-omo', hex, fPort);

const STATE = '960102101e0105';
const ACCELERATION = '960205010f';

describe('ELV-LW-OMO', () => {
  it('reads battery, lean and its counter, and no level', () => {
    expect(decode(STATE)).toEqual(
      measuredOnce({ batteryV: 1.5, alarms: [], extras: { tiltDegrees: 30, deviceCounter: 261 } }),
    );
  });

  it('reads a movement', () => {
    expect(decode(ACCELERATION)).toEqual(
      measuredOnce({ batteryV: 1.5, alarms: ['moved'], extras: { tiltDegrees: 15 } }),
    );
  });

  it('believes no angle beyond upside down', () => {
    expect(decode('96020500ff')).toEqual(measuredOnce({ batteryV: 1.5, alarms: [] }));
  });

  it.each(['9600040101000102030001', '96030107', '96040301140a051e021e'])(
    'takes %s (versions, button, settings) as valid without telemetry',
    (hex) => {
      expect(decode(hex)).toEqual(WITHOUT_TELEMETRY);
    },
  );

  it.each([
    ...cutShort(STATE),
    `${STATE}00`,
    ...cutShort(ACCELERATION),
    `${ACCELERATION}00`,
    '9605050100',
  ])('refuses "%s"', (hex) => {
    expect(isRefused(decode(hex))).toBe(true);
  });

  it('refuses other ports', () => {
    expect(isRefused(decode(STATE, 1))).toBe(true);
  });
});
