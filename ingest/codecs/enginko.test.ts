import { describe, expect, it } from 'vitest';
import {
  cutShort,
  decodeHex,
  isRefused,
  measuredOnce,
  WITHOUT_TELEMETRY,
} from '../testing/decode-hex.ts';

const decode = (hex: string, fPort: number | undefined = 2) =>
  decodeHex('enginko/egk-lw20w00', hex, fPort);

/** Date and time as the frame has them: least significant byte first. */
function packTime(year: number, month: number, day: number, hour = 0, minute = 0, second = 0) {
  const date = ((year - 2000) << 9) | (month << 5) | day;
  const time = (hour << 11) | (minute << 5) | (second >> 1);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16LE(time, 0);
  bytes.writeUInt16LE(date, 2);
  return bytes.toString('hex');
}

const AT = packTime(2026, 3, 14, 15, 9, 26);
const level = (time: string, distance = 'd204', fill = '32') =>
  `1401${time}1f0c0000${distance}${fill}0cfe5f`;

describe('Enginko EGK-LW20W00', () => {
  it('reads distance, fill, temperature, battery and its own time', () => {
    expect(decode(level(AT))).toEqual(
      measuredOnce({
        observedAtMs: Date.UTC(2026, 2, 14, 15, 9, 26),
        distanceMm: 1234,
        fillPercent: 50,
        temperatureC: -5,
        batteryPercent: 95,
      }),
    );
  });

  it.each([
    ['zero', '00000000'],
    ['of 2000', packTime(2000, 1, 1)],
    ['of 2019', packTime(2019, 12, 31)],
    ['in a thirteenth month', packTime(2026, 13, 1)],
    ['on a thirtieth of February', packTime(2026, 2, 30)],
    ['in a 25th hour', packTime(2026, 3, 14, 25)],
  ])('believes no time %s', (_what, time) => {
    const result = decode(level(time));
    expect(result).toMatchObject(measuredOnce({ distanceMm: 1234 }));
    expect(JSON.stringify(result)).not.toContain('observedAtMs');
  });

  it('takes distances above 60 000 as errors, and believes no fill then', () => {
    expect(decode(level(AT, '61ea', '64'))).toEqual(
      measuredOnce({
        observedAtMs: Date.UTC(2026, 2, 14, 15, 9, 26),
        temperatureC: -5,
        batteryPercent: 95,
        sensorFault: 'distance error 60001',
      }),
    );
  });

  it('reads distances up to 60 000', () => {
    expect(decode(level(AT, '60ea'))).toMatchObject(measuredOnce({ distanceMm: 60_000 }));
  });

  it('reads no battery above 100 %', () => {
    expect(JSON.stringify(decode(level(AT).replace(/5f$/, 'ff')))).not.toContain('batteryPercent');
  });

  it('reads no fill above 100 %', () => {
    expect(JSON.stringify(decode(level(AT, 'd204', 'ff')))).not.toContain('fillPercent');
  });

  it('takes a request for the time as valid without telemetry', () => {
    expect(decode('0112345678000101040700')).toEqual(WITHOUT_TELEMETRY);
  });

  it.each([...cutShort(level(AT)), `${level(AT)}00`])('refuses "%s", no whole frame', (hex) => {
    expect(isRefused(decode(hex))).toBe(true);
  });

  it.each([
    ['a request for the time cut short', '01123456780001010407'],
    ['a tank’s level frame', level(AT).replace(/^1401/, '1400')],
    ['another uplink', level(AT).replace(/^14/, '04')],
  ])('refuses %s', (_what, hex) => {
    expect(isRefused(decode(hex))).toBe(true);
  });

  it('refuses other ports', () => {
    expect(isRefused(decode(level(AT), 1))).toBe(true);
  });
});
