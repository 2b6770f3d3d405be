import { describe, expect, it } from 'vitest';
import { cutShort, decodeHex, measuredOnce, WITHOUT_TELEMETRY } from '../../testing/decode-hex.ts';

const decode = (hex: string, fPort: number | undefined = 85) =>
  decodeHex('milesight/em410-rdl', hex, fPort);

/** 2023-03-01 12:00:00 UTC is 63ff3e40. */
const NOON_MS = Date.UTC(2023, 2, 1, 12);

describe('Milesight EM410-RDL', () => {
  it('reads what it measures (example in lorawan-devices, em410-rdl-codec.yaml)', () => {
    expect(decode('0175640367100104822c0105000106c72003')).toEqual(
      measuredOnce({
        batteryPercent: 100,
        temperatureC: 27.2,
        distanceMm: 300,
        tilted: true,
        extras: { echoStrength: 8 },
      }),
    );
  });

  it.each([
    ['fdff', 'no target'],
    ['feff', 'measuring is switched off'],
    ['ffff', 'sensor exception'],
    ['f0ff', 'distance below zero'],
  ])('takes the raw distance %s as a fault, never as a level', (distance, sensorFault) => {
    expect(decode(`0482${distance}`)).toEqual(measuredOnce({ sensorFault }));
    expect(decode(`8482${distance}00`)).toEqual(measuredOnce({ alarms: [], sensorFault }));
    expect(decode(`20ce403eff63${distance}1001000000`)).toEqual(
      measuredOnce({
        observedAtMs: NOON_MS,
        temperatureC: 27.2,
        tilted: false,
        alarms: [],
        sensorFault,
      }),
    );
  });

  it.each([
    ['8482330700', []],
    ['8482330701', ['full']],
    ['8482330702', []],
    ['94823307640000', []],
    ['94823307640001', ['full']],
    ['94823307640002', []],
  ])('reads the alarm %s as %j, with its distance', (hex, alarms) => {
    expect(decode(hex)).toEqual(measuredOnce({ distanceMm: 1843, alarms }));
  });

  it.each([
    ['b482330701', { sensorFault: 'object in the blind zone' }],
    ['b482fdff02', { sensorFault: 'no target' }],
    ['b482ffff03', { sensorFault: 'sensor exception' }],
    ['b482330700', { distanceMm: 1843 }],
  ])('reads the exception %s as %j', (hex, measurement) => {
    expect(decode(hex)).toEqual(measuredOnce(measurement));
  });

  it('believes no distance beside an exception', () => {
    expect(decode('04823307b482330701')).toEqual(
      measuredOnce({ sensorFault: 'object in the blind zone' }),
    );
  });

  it('reads kept records as measurements of their own time, after the present', () => {
    const record = (second: string, event: string) => `20ce${second}3eff633307ceff0000${event}`;
    const kept = { distanceMm: 1843, temperatureC: -5, tilted: false, alarms: [] };
    expect(decode(`017564${record('40', '00')}${record('41', '21')}${record('42', '04')}`)).toEqual(
      {
        ok: true,
        measurements: [
          { batteryPercent: 100 },
          { ...kept, observedAtMs: NOON_MS },
          { ...kept, observedAtMs: NOON_MS + 1000, tilted: true, alarms: ['full'] },
          {
            observedAtMs: NOON_MS + 2000,
            temperatureC: -5,
            tilted: false,
            alarms: [],
            sensorFault: 'object in the blind zone',
          },
        ],
      },
    );
  });

  it('reads the short records of other firmware', () => {
    expect(decode('20ce403eff63330720ce413eff63fdff')).toEqual({
      ok: true,
      measurements: [
        { observedAtMs: NOON_MS, distanceMm: 1843 },
        { observedAtMs: NOON_MS + 1000, sensorFault: 'no target' },
      ],
    });
  });

  it.each([
    ['a join packet', 'ff0bffff0101fffeffff166862e21141780013ff090100ff0a0101ff0f00ffff0100'],
    ['an echoed command', 'fe8e002c01'],
    ['an echoed extended command', 'f9393c00'],
    ['an extended command that was obeyed', 'f8393c0000'],
  ])('takes %s as valid without telemetry', (_what, hex) => {
    expect(decode(hex)).toEqual(WITHOUT_TELEMETRY);
  });

  it('skips the voltage, whose unit is not known', () => {
    expect(decode('01b92c0e04822c01')).toEqual(measuredOnce({ distanceMm: 300 }));
  });

  it.each([
    ...cutShort('04822c01'),
    ...cutShort('94823307640001'),
    ...cutShort('b482330701'),
    '04822c0100',
    '8482330703',
    'b482330704',
    '0482010004820200',
    '07ba0a002c01',
  ])('refuses "%s"', (hex) => {
    expect(decode(hex)).toMatchObject({ ok: false });
  });

  it('gives no measurement but a kept one to a record cut short', () => {
    for (const hex of cutShort('20ce403eff6333071001000000')) {
      // After six bytes it is a whole short record, with the same time and distance.
      const whole = hex.length === 16;
      expect(decode(hex).ok).toBe(whole);
    }
  });

  it('refuses other ports', () => {
    expect(decode('04822c01', 3)).toMatchObject({ ok: false });
  });
});
