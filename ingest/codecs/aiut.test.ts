import { describe, expect, it } from 'vitest';
import { cutShort, decodeHex, isRefused, measuredOnce } from '../testing/decode-hex.ts';

/** The gauge in tenths of a percent, with six flag bits behind it. */
function gauge(tenths: number, flags = 0): string {
  return ((tenths << 6) | flags).toString(16).padStart(4, '0');
}

const v1 = (hex: string, fPort: number | undefined = 3) => decodeHex('aiut/alevel-v1', hex, fPort);
const v1Frame = (tenths: number, flags?: number) => `${gauge(tenths, flags)}aa00fb00`;

const v2 = (hex: string, fPort: number | undefined = 3) => decodeHex('aiut/alevel-v2', hex, fPort);
const v2Frame = (tenths: number, flags?: number, battery = 'c1') =>
  `8107fb${battery}${gauge(tenths, flags)}`;

describe('AIUT ALEVEL V1', () => {
  it('reads gauge, battery and frost', () => {
    expect(v1(v1Frame(455))).toEqual(
      measuredOnce({ fillPercent: 45.5, batteryV: 3.2, temperatureC: -5 }),
    );
  });

  it.each([
    ['7f', 127],
    ['80', -128],
  ])('reads the temperature %s as %i °C', (byte, temperatureC) => {
    expect(v1(`${gauge(455)}aa00${byte}00`)).toMatchObject(measuredOnce({ temperatureC }));
  });

  it('reads the gauge while it is filled, emptied or beyond its limits', () => {
    expect(v1(v1Frame(455, 0b11_0111))).toMatchObject(measuredOnce({ fillPercent: 45.5 }));
  });

  it.each([
    [v1Frame(455, 0b00_1000), 'measurement error'],
    [v1Frame(1001), 'the gauge reads 100.1 %'],
  ])('takes %s as a fault, never as a level', (hex, sensorFault) => {
    expect(v1(hex)).toEqual(measuredOnce({ batteryV: 3.2, temperatureC: -5, sensorFault }));
  });
});

describe('AIUT ALEVEL V2', () => {
  const said = { temperatureC: -5, alarms: [], extras: { deviceCounter: 7 } };

  it('reads gauge, frost and its counter', () => {
    expect(v2(v2Frame(1000))).toEqual(measuredOnce({ ...said, fillPercent: 100 }));
    expect(v2(v2Frame(455, 0b01_1100))).toEqual(measuredOnce({ ...said, fillPercent: 45.5 }));
  });

  it.each(['01', '41'])('reads the battery %s as low', (battery) => {
    expect(v2(v2Frame(455, 0, battery))).toMatchObject(measuredOnce({ alarms: ['low-battery'] }));
  });

  it.each([
    [v2Frame(455, 0b10_0000), 'removed from its dial'],
    [v2Frame(455, 0b00_0010), 'out of range'],
    [v2Frame(455, 0b00_0001), 'invalid readout'],
    [v2Frame(1023), 'the gauge reads 102.3 %'],
  ])('takes %s as a fault, never as a level', (hex, sensorFault) => {
    expect(v2(hex)).toEqual(measuredOnce({ ...said, sensorFault }));
  });

  it('refuses frames of other kinds', () => {
    expect(v2(v2Frame(455).replace(/^81/, '82'))).toEqual({
      ok: false,
      reason: 'unknown frame 0x82',
    });
  });
});

describe.each([
  [v1, v1Frame(455)],
  [v2, v2Frame(455)],
])('AIUT ALEVEL', (decode, frame) => {
  it.each([...cutShort(frame), `${frame}00`])('refuses "%s", which is no whole frame', (hex) => {
    expect(isRefused(decode(hex))).toBe(true);
  });

  it('refuses other ports', () => {
    expect(isRefused(decode(frame, 1))).toBe(true);
  });
});
