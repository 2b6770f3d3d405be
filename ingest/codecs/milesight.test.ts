import { describe, expect, it } from 'vitest';
import { findCodec } from './registry.ts';

/** Frames from the EM400 user guides, section "Device payload". */
function decode(model: string, hex: string, fPort: number | undefined = 85) {
  const codec = findCodec(`milesight/${model}`);
  if (codec === undefined) throw new Error(`no codec for ${model}`);
  return codec.decode(new Uint8Array(Buffer.from(hex, 'hex')), fPort);
}

const measured = (measurement: object) => ({ ok: true, measurements: [measurement] });

describe('Milesight EM400 and EM310', () => {
  it('reads battery, temperature, distance and position', () => {
    expect(decode('em400-mud', '01755c0367010104824408050001')).toEqual(
      measured({ batteryPercent: 92, temperatureC: 25.7, distanceMm: 2116, tilted: true }),
    );
  });

  it('reads an upright device as not tilted', () => {
    expect(decode('em400-tld', '0482f401050000')).toEqual(
      measured({ distanceMm: 500, tilted: false }),
    );
  });

  it('reads temperatures below zero as negative', () => {
    expect(decode('em400-udl', '0367ceff')).toEqual(measured({ temperatureC: -5 }));
  });

  it('reads a distance threshold as the alarm "full", and its release as no alarm', () => {
    expect(decode('em400-tld', '8482330701')).toEqual(
      measured({ distanceMm: 1843, alarms: ['full'] }),
    );
    expect(decode('em400-tld', '8482330700')).toEqual(measured({ distanceMm: 1843, alarms: [] }));
  });

  it('reads a sudden temperature as the alarm "temperature", beside a distance alarm', () => {
    expect(decode('em400-mud', '8367e800018482410601')).toEqual(
      measured({ temperatureC: 23.2, distanceMm: 1601, alarms: ['temperature', 'full'] }),
    );
  });

  it('reads the EM310 on its own channels', () => {
    expect(decode('em310-udl', '01755c03824408040001')).toEqual(
      measured({ batteryPercent: 92, distanceMm: 2116, tilted: true }),
    );
  });

  it('refuses the channels of another model', () => {
    expect(decode('em400-mud', '01755c03824408040001')).toMatchObject({ ok: false });
    expect(decode('em310-udl', '01755c0367010104824408050001')).toMatchObject({ ok: false });
  });

  it.each(['ff0bffff0101ff166329c42503920003ff090100ff0a0101ff0f00', 'fe03b004', 'ff7101'])(
    'takes the join packet or command echo %s as valid without telemetry',
    (hex) => {
      expect(decode('em400-mud', hex)).toEqual({ ok: true, measurements: [] });
    },
  );

  it.each([
    ['fdff', 'no target'],
    ['feff', 'measuring is switched off'],
    ['ffff', 'sensor exception'],
  ])('takes the raw distance %s as a fault, never as a level', (distance, sensorFault) => {
    expect(decode('em400-mud', `0482${distance}050000`)).toEqual(
      measured({ sensorFault, tilted: false }),
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

  it.each([2, 0, 86, undefined])('refuses frames on port %s', (fPort) => {
    const codec = findCodec('milesight/em400-mud');
    expect(codec?.decode(Uint8Array.of(0x01, 0x75, 0x5c), fPort)).toMatchObject({ ok: false });
  });
});
