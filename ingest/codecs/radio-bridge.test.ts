import { describe, expect, it } from 'vitest';
import {
  cutShort,
  decodeHex,
  isRefused,
  measuredOnce,
  WITHOUT_TELEMETRY,
} from '../testing/decode-hex.ts';

const decode = (hex: string, fPort: number | undefined = 2) =>
  decodeHex('radio-bridge/rbs306-us', hex, fPort);

const FRAME = '17100004d2';

describe('Radio Bridge RBS306-US', () => {
  it.each(['00', '01', '02', '03', '04'])('reads the distance of event %s', (event) => {
    expect(decode(`1710${event}04d2`)).toEqual(
      measuredOnce({ distanceMm: 1234, extras: { deviceCounter: 7 } }),
    );
  });

  it('takes a distance of all ones as no echo, never as a level', () => {
    expect(decode('171000ffff')).toEqual(
      measuredOnce({ sensorFault: 'no echo', extras: { deviceCounter: 7 } }),
    );
  });

  it.each(['1700030105', '170100330004d20000', '17fb0102', '17ff01'])(
    'takes %s as valid without telemetry',
    (hex) => {
      expect(decode(hex)).toEqual(WITHOUT_TELEMETRY);
    },
  );

  it.each([...cutShort(FRAME), `${FRAME}00`, '17100504d2', '17080004d2'])('refuses "%s"', (hex) => {
    expect(isRefused(decode(hex))).toBe(true);
  });
});
