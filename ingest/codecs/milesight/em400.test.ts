import { describe, expect, it } from 'vitest';
import { cutShort, decodeHex, measuredOnce, WITHOUT_TELEMETRY } from '../../testing/decode-hex.ts';

/** Frames from the EM400 user guides, section "Device payload". */
const decode = (model: string, hex: string, fPort: number | undefined = 85) =>
  decodeHex(`milesight/${model}`, hex, fPort);

describe('Milesight EM400 and EM310', () => {
  it('reads battery, temperature, distance and position', () => {
    expect(decode('em400-mud', '01755c0367010104824408050001')).toEqual(
      measuredOnce({ batteryPercent: 92, temperatureC: 25.7, distanceMm: 2116, tilted: true }),
    );
  });

  it('reads an upright device as not tilted', () => {
    expect(decode('em400-tld', '0482f401050000')).toEqual(
      measuredOnce({ distanceMm: 500, tilted: false }),
    );
  });

  it('reads temperatures below zero as negative', () => {
    expect(decode('em400-udl', '0367ceff')).toEqual(measuredOnce({ temperatureC: -5 }));
  });

  it('reads a distance threshold as the alarm "full", and its release as no alarm', () => {
    expect(decode('em400-tld', '8482330701')).toEqual(
      measuredOnce({ distanceMm: 1843, alarms: ['full'] }),
    );
    expect(decode('em400-tld', '8482330700')).toEqual(
      measuredOnce({ distanceMm: 1843, alarms: [] }),
    );
  });

  it('reads a sudden temperature as the alarm "temperature", beside a distance alarm', () => {
    expect(decode('em400-mud', '8367e800018482410601')).toEqual(
      measuredOnce({ temperatureC: 23.2, distanceMm: 1601, alarms: ['temperature', 'full'] }),
    );
  });

  it('reads the EM310 on its own channels', () => {
    expect(decode('em310-udl', '01755c03824408040001')).toEqual(
      measuredOnce({ batteryPercent: 92, distanceMm: 2116, tilted: true }),
    );
  });

  it('refuses the channels of another model', () => {
    expect(decode('em400-mud', '01755c03824408040001')).toMatchObject({ ok: false });
    expect(decode('em310-udl', '01755c0367010104824408050001')).toMatchObject({ ok: false });
  });

  it.each(['ff0bffff0101ff166329c42503920003ff090100ff0a0101ff0f00', 'fe03b004', 'ff7101'])(
    'takes the join packet or command echo %s as valid without telemetry',
    (hex) => {
      expect(decode('em400-mud', hex)).toEqual(WITHOUT_TELEMETRY);
    },
  );

  it.each([
    ['fdff', 'no target'],
    ['feff', 'measuring is switched off'],
    ['ffff', 'sensor exception'],
  ])('takes the raw distance %s as a fault, never as a level', (distance, sensorFault) => {
    expect(decode('em400-mud', `0482${distance}050000`)).toEqual(
      measuredOnce({ sensorFault, tilted: false }),
    );
  });

  it.each([
    ['nothing at all', '', 'empty'],
    ['half an item', '01755c0482', 'byte 3 is cut short'],
    ['a lone channel', '01755c04', 'byte 3 is cut short'],
    ['an unknown item', '01755c0999', 'unknown item 0x09 0x99'],
    ['a position that is none', '050002', 'position 0x02'],
    ['an alarm status that is none', '8482330702', 'alarm status 0x02'],
    ['two distances that differ', '048201000482ff00', 'two different values'],
  ])('refuses %s', (_what, hex, reason) => {
    expect(decode('em400-mud', hex)).toEqual({
      ok: false,
      reason: expect.stringContaining(reason),
    });
  });

  it('reads of a frame cut short what its whole items say, and refuses half of one', () => {
    const frame = '01755c0367010104824408050001';
    const whole = { batteryPercent: 92, temperatureC: 25.7, distanceMm: 2116 };
    const read = cutShort(frame).map((hex) => decode('em400-mud', hex));
    const measurements = read.flatMap((result) => (result.ok ? result.measurements : []));
    expect(measurements).toEqual([
      { batteryPercent: 92 },
      { batteryPercent: 92, temperatureC: 25.7 },
      whole,
    ]);
  });

  it('refuses what comes behind the last item', () => {
    expect(decode('em400-mud', '0175640482f40105000000')).toMatchObject({ ok: false });
  });

  it.each([2, 0, 86, undefined])('refuses frames on port %s', (fPort) => {
    expect(decodeHex('milesight/em400-mud', '01755c', fPort)).toMatchObject({ ok: false });
  });
});
