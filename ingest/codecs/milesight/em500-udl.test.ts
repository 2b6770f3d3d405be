import { describe, expect, it } from 'vitest';
import { cutShort, decodeHex, measuredOnce, WITHOUT_TELEMETRY } from '../../testing/decode-hex.ts';

const decode = (hex: string, fPort: number | undefined = 85) =>
  decodeHex('milesight/em500-udl', hex, fPort);

/** 2023-03-01 12:00:00 UTC is 63ff3e40. */
const NOON_MS = Date.UTC(2023, 2, 1, 12);

describe('Milesight EM500-UDL', () => {
  it('reads battery and distance (example in the maker’s decoders)', () => {
    expect(decode('01756403821e00')).toEqual(measuredOnce({ batteryPercent: 100, distanceMm: 30 }));
  });

  it.each([
    ['00', []],
    ['01', ['full']],
    ['02', []],
  ])('reads the distance of an alarm with status %s in tenths', (status, alarms) => {
    expect(decode(`83e910276400${status}`)).toEqual(measuredOnce({ distanceMm: 1000, alarms }));
  });

  it('reads kept distances as measurements of their own time, after the present', () => {
    expect(decode('03821e0020ce403eff63e80320ce7c3eff63fdff')).toEqual({
      ok: true,
      measurements: [
        { distanceMm: 30 },
        { observedAtMs: NOON_MS, distanceMm: 1000 },
        { observedAtMs: NOON_MS + 60_000, sensorFault: 'no target' },
      ],
    });
  });

  it('reads a frame of kept distances alone, without a present', () => {
    expect(decode('20ce403eff63e803')).toEqual(
      measuredOnce({ observedAtMs: NOON_MS, distanceMm: 1000 }),
    );
  });

  it.each([
    ['a join packet', 'ff0bffff0101ff166329c42503920003ff090100ff0a0101ff0f00'],
    ['an echoed calibration', 'fef100010500'],
    ['an echoed command to other devices', 'ff960101010000000000'],
  ])('takes %s as valid without telemetry', (_what, hex) => {
    expect(decode(hex)).toEqual(WITHOUT_TELEMETRY);
  });

  it('refuses a kept distance that is cut short', () => {
    const frame = '20ce403eff63e803';
    for (const hex of cutShort(frame)) expect(decode(hex)).toMatchObject({ ok: false });
    expect(decode(`${frame}00`)).toMatchObject({ ok: false });
  });

  it.each([
    ['an alarm status that is none', '83e91027640003'],
    ['two distances that differ', '03821e0083e91027640000'],
    ['a thermometer it does not have', '0367ceff'],
  ])('refuses %s', (_what, hex) => {
    expect(decode(hex)).toMatchObject({ ok: false });
  });

  it('refuses other ports', () => {
    expect(decode('01756403821e00', 2)).toMatchObject({ ok: false });
  });
});
