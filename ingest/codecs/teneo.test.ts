import { describe, expect, it } from 'vitest';
import {
  cutShort,
  decodeHex,
  isRefused,
  measuredOnce,
  WITHOUT_TELEMETRY,
} from '../testing/decode-hex.ts';

const decode = (hex: string, fPort: number | undefined = 1) =>
  decodeHex('teneo/filling-degree-sensor', hex, fPort);

/** Battery, distance, status, temperature, humidity. */
const FRAME = '0d006400ff380fa0';

describe('Teneo Filling Degree Sensor', () => {
  it('reads centimetres as millimetres', () => {
    expect(decode('0d0064')).toEqual(measuredOnce({ batteryV: 3.3, distanceMm: 1000 }));
    expect(decode('0d006400')).toEqual(measuredOnce({ batteryV: 3.3, distanceMm: 1000 }));
  });

  it('reads the climate, with frost as frost', () => {
    const expected = measuredOnce({
      ...{ batteryV: 3.3, distanceMm: 1000, temperatureC: -2 },
      extras: { humidityPercent: 40 },
    });
    expect(decode(FRAME)).toEqual(expected);
    expect(decode('0d0064ff380fa0')).toEqual(expected);
  });

  it.each([
    ['0d006404', 'no target'],
    ['0d000001', 'error code 1'],
    ['0dffff', 'no target'],
  ])('takes %s as a fault, never as a level', (hex, sensorFault) => {
    expect(decode(hex)).toEqual(measuredOnce({ batteryV: 3.3, sensorFault }));
  });

  it.each([
    ['0d04', 'no target'],
    ['0d02', 'error code 2'],
    ['0d00', 'error code 0'],
  ])('takes the error frame %s as a fault', (hex, sensorFault) => {
    expect(decode(hex, 2)).toEqual(measuredOnce({ batteryV: 3.3, sensorFault }));
  });

  it('takes a device on its charger as valid without telemetry', () => {
    expect(decode('0d0064', 3)).toEqual(WITHOUT_TELEMETRY);
  });

  // Frames of 3, 4 and 7 bytes are whole frames; what they say is tested above.
  it.each([...cutShort(FRAME).filter((hex) => ![6, 8, 14].includes(hex.length)), `${FRAME}00`])(
    'refuses "%s", which is no whole frame',
    (hex) => {
      expect(isRefused(decode(hex))).toBe(true);
    },
  );

  it.each(['', '0d', '0d0464'])('refuses the error frame "%s"', (hex) => {
    expect(isRefused(decode(hex, 2))).toBe(true);
  });

  it('refuses other ports', () => {
    expect(isRefused(decode(FRAME, 4))).toBe(true);
  });
});
