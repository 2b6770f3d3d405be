import { describe, expect, it } from 'vitest';
import {
  cutShort,
  decodeHex,
  isRefused,
  measuredOnce,
  WITHOUT_TELEMETRY,
} from '../testing/decode-hex.ts';

const dist = (hex: string, fPort: number | undefined = 100) =>
  decodeHex('adnexo/ax-dist', hex, fPort);
const opto = (hex: string, fPort: number | undefined = 100) =>
  decodeHex('adnexo/ax-opto', hex, fPort);

const DIST = 'd204ceff800c';
const UNSTEADY = 'd2047102ceff800c';
const optoFrame = (distance: string, zones: string, flags = '0000', temperature = 'ceff') =>
  `${distance}${zones}${flags}${temperature}800c`;
const ZONES = 'd004d104d204d304d404d504d604d704d804';
const OPTO = optoFrame('d204', ZONES);

describe('adnexo ax-dist', () => {
  it.each([100, 101, 102])('reads distance, temperature and battery on port %i', (fPort) => {
    expect(dist(DIST, fPort)).toEqual(
      measuredOnce({ distanceMm: 1234, temperatureC: -5, batteryV: 3.2 }),
    );
  });

  it('takes a distance of all ones as no echo, never as a level', () => {
    expect(dist('ffffceff800c')).toEqual(
      measuredOnce({ temperatureC: -5, batteryV: 3.2, sensorFault: 'no echo' }),
    );
  });

  it('reads no temperature when there is none', () => {
    expect(dist('d2040080800c')).toEqual(measuredOnce({ distanceMm: 1234, batteryV: 3.2 }));
  });

  it('believes no level of samples that vary too much', () => {
    expect(dist(UNSTEADY, 104)).toEqual(
      measuredOnce({
        ...{ temperatureC: -5, batteryV: 3.2 },
        sensorFault: 'the distances of its samples vary too much',
      }),
    );
  });

  it.each([...cutShort(DIST), `${DIST}00`])('refuses "%s", which is no whole frame', (hex) => {
    expect(isRefused(dist(hex))).toBe(true);
  });

  it.each([...cutShort(UNSTEADY), `${UNSTEADY}00`])('refuses "%s" on port 104', (hex) => {
    expect(isRefused(dist(hex, 104))).toBe(true);
  });
});

describe('adnexo ax-opto', () => {
  it('reads the distance and the range of its zones', () => {
    expect(opto(OPTO)).toEqual(
      measuredOnce({
        ...{ distanceMm: 1234, temperatureC: -5, batteryV: 3.2 },
        extras: { distanceMinMm: 1232, distanceMaxMm: 1240 },
      }),
    );
  });

  it('passes by zones that saw nothing', () => {
    expect(opto(optoFrame('d204', `${'ffff'.repeat(7)}d004d304`))).toMatchObject(
      measuredOnce({ distanceMm: 1234, extras: { distanceMinMm: 1232, distanceMaxMm: 1235 } }),
    );
    expect(opto(optoFrame('d204', 'ffff'.repeat(9)))).toEqual(
      measuredOnce({ distanceMm: 1234, temperatureC: -5, batteryV: 3.2 }),
    );
  });

  it.each([
    [optoFrame('ffff', ZONES), 'no target'],
    [optoFrame('d204', ZONES, '0200'), 'error flags 0x2'],
    [optoFrame('d204', ZONES, '8000'), 'error flags 0x80'],
  ])('takes %s as a fault, never as a level', (hex, sensorFault) => {
    expect(opto(hex)).toEqual(measuredOnce({ temperatureC: -5, batteryV: 3.2, sensorFault }));
  });

  it('takes its attitude as valid without telemetry', () => {
    expect(opto('030052fc1501f80a', 99)).toEqual(WITHOUT_TELEMETRY);
    expect(isRefused(opto('030052fc1501f8', 99))).toBe(true);
  });

  it.each([...cutShort(OPTO), `${OPTO}00`])('refuses "%s", which is no whole frame', (hex) => {
    expect(isRefused(opto(hex))).toBe(true);
  });
});

describe.each([dist, opto])('adnexo settings and ports', (decode) => {
  it.each([1, 2, 3, 4, 5])('takes port %i as valid without telemetry', (fPort) => {
    expect(decode('0458020000', fPort)).toEqual(WITHOUT_TELEMETRY);
    expect(decode(DIST, fPort)).toEqual(WITHOUT_TELEMETRY);
  });

  it('refuses other ports', () => {
    expect(isRefused(decode(DIST, 6))).toBe(true);
    expect(isRefused(decode(OPTO, 103))).toBe(true);
  });
});

it('refuses frames of adnexo sensors without a port, since the port says what they are', () => {
  expect(isRefused(decodeHex('adnexo/ax-dist', DIST, undefined))).toBe(true);
  expect(isRefused(decodeHex('adnexo/ax-opto', OPTO, undefined))).toBe(true);
});
