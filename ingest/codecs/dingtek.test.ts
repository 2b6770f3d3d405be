import { describe, expect, it } from 'vitest';
import { findCodec } from './registry.ts';

function decode(hex: string, fPort = 3) {
  const codec = findCodec('dingtek/df702');
  if (codec === undefined) throw new Error('no codec for the DF702');
  return codec.decode(new Uint8Array(Buffer.from(hex, 'hex')), fPort);
}

/** 17 bytes, as the DF702 sends them without a position. */
function plainFrame(level: string, temperature: string, flags: string): string {
  return `8000010111${level}00${temperature}0000${flags}00010081`;
}

describe('Dingtek DF702 and DF703', () => {
  it('reads a frame without position', () => {
    expect(decode(plainFrame('06a4', '16', '0000'))).toEqual({
      ok: true,
      measurements: [{ distanceMm: 1700, temperatureC: 22, tilted: false, alarms: [] }],
    });
  });

  it('reads a frame with position (example in lorawan-devices, df702-codec.yaml)', () => {
    expect(decode('800001011907d001cd03e942ef272042190000000000000081')).toEqual({
      ok: true,
      measurements: [{ distanceMm: 2000, temperatureC: 25, tilted: false, alarms: [] }],
    });
  });

  it('reads frost as frost, not as fire', () => {
    expect(decode(plainFrame('06a4', 'fb', '0000'))).toMatchObject({
      measurements: [{ temperatureC: -5 }],
    });
  });

  it.each([
    ['1000', ['full'], false],
    ['0100', ['fire'], false],
    ['0010', ['tilt'], true],
    ['0001', ['low-battery'], false],
    ['1111', ['full', 'fire', 'tilt', 'low-battery'], true],
  ])('reads the flags %s as %j', (flags, alarms, tilted) => {
    expect(decode(plainFrame('06a4', '16', flags))).toMatchObject({
      measurements: [{ alarms, tilted }],
    });
  });

  it.each(['270f', 'ffff'])('takes the distance %s as no echo, never as a level', (level) => {
    expect(decode(plainFrame(level, '16', '0000'))).toEqual({
      ok: true,
      measurements: [{ temperatureC: 22, tilted: false, alarms: [], sensorFault: 'no echo' }],
    });
  });

  it('takes a parameter frame, which is as long as a data frame, as valid without telemetry', () => {
    expect(decode('8000010319010418011e4b1e00000000000000000000000081')).toEqual({
      ok: true,
      measurements: [],
    });
  });

  it.each([
    ['nothing at all', ''],
    ['another start', plainFrame('06a4', '16', '0000').replace(/^80/, '81')],
    ['another end', plainFrame('06a4', '16', '0000').replace(/81$/, '80')],
    ['a length that is not the frame’s', plainFrame('06a4', '16', '0000').replace('0111', '0119')],
    ['a byte too many', `${plainFrame('06a4', '16', '0000')}81`],
    ['another device type', '800016021202650000000000000168000181'],
    ['an unknown message', plainFrame('06a4', '16', '0000').replace('800001011', '800001041')],
    ['a data frame of odd length', '8000010212270f0000000000000168000181'],
  ])('refuses %s', (_what, hex) => {
    expect(decode(hex)).toEqual({ ok: false, reason: expect.any(String) });
  });

  it('refuses other ports', () => {
    expect(decode(plainFrame('06a4', '16', '0000'), 85)).toMatchObject({ ok: false });
  });
});
