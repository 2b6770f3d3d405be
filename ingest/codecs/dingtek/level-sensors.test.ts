import { describe, expect, it } from 'vitest';
import { cutShort, decodeHex, measuredOnce, WITHOUT_TELEMETRY } from '../../testing/decode-hex.ts';

const decode = (hex: string, model = 'df702', fPort = 3) =>
  decodeHex(`dingtek/${model}`, hex, fPort);

/** 17 bytes, as these sensors send them without a position. */
function plainFrame(level: string, temperature: string, flags: string, angle = '0000'): string {
  return `8000010111${level}00${temperature}${angle}${flags}00010081`;
}

/** 25 bytes, with a position. */
function positionFrame(longitude: string, latitude: string): string {
  return `800001011907d001${longitude}${latitude}1900000000002a0081`;
}

const MODELS = ['df702', 'df703', 'dc410', 'dc413', 'df530', 'df555'];

describe('Dingtek level sensors', () => {
  it('read a frame without position (DF702)', () => {
    expect(decode(plainFrame('06a4', '16', '0000'))).toEqual(
      measuredOnce({
        distanceMm: 1700,
        temperatureC: 22,
        tilted: false,
        alarms: [],
        extras: { tiltDegrees: 0, deviceCounter: 1 },
      }),
    );
  });

  it('read a frame with position (example in lorawan-devices, df703-codec.yaml)', () => {
    const frame = '800001011907d001cd03e942ef272042190000000000010081';
    const extras = { latitude: 40.038998, longitude: 116.507423, deviceCounter: 1 };
    const said = { distanceMm: 2000, temperatureC: 25, alarms: [] };
    expect(decode(frame, 'df703')).toEqual(
      measuredOnce({ ...said, tilted: false, extras: { ...extras, tiltDegrees: 0 } }),
    );
    expect(decode(frame, 'df555')).toEqual(measuredOnce({ ...said, extras }));
    expect(decode(frame, 'df530')).toEqual(measuredOnce({ ...said, extras }));
  });

  it.each([
    ['no fix', '00000000', '00000000'],
    ['no number', '0000c07f', 'ef272042'],
    ['a latitude off the globe', 'cd03e942', '0000b642'],
  ])('leave out a position that is none: %s', (_what, longitude, latitude) => {
    expect(decode(positionFrame(longitude, latitude))).toMatchObject(
      measuredOnce({ distanceMm: 2000, extras: { tiltDegrees: 0, deviceCounter: 42 } }),
    );
    const result = decode(positionFrame(longitude, latitude));
    expect(result.ok && result.measurements[0]?.extras).not.toHaveProperty('latitude');
  });

  it('read frost as frost, not as fire', () => {
    expect(decode(plainFrame('06a4', 'fb', '0000'))).toMatchObject({
      measurements: [{ temperatureC: -5 }],
    });
  });

  it('read how far they lean, to whichever side', () => {
    for (const angle of ['002d', '012d']) {
      expect(decode(plainFrame('06a4', '16', '0000', angle))).toMatchObject({
        measurements: [{ extras: { tiltDegrees: 45 } }],
      });
    }
    const result = decode(plainFrame('06a4', '16', '0000', '00ff'));
    expect(result.ok && result.measurements[0]?.extras).toEqual({ deviceCounter: 1 });
  });

  it.each([
    ['df702', '1000', ['full'], false],
    ['df702', '0100', ['fire'], false],
    ['df702', '0010', ['tilt'], true],
    ['df702', '0001', ['low-battery'], false],
    ['df703', '1111', ['full', 'fire', 'tilt', 'low-battery'], true],
    ['dc410', '1111', ['full', 'moved', 'low-battery'], undefined],
    ['dc413', '1111', ['full', 'tilt', 'low-battery'], true],
    ['df530', '1111', ['low-battery'], undefined],
    ['df555', '1111', ['full', 'low-battery'], undefined],
  ])('%s reads the flags %s as %j', (model, flags, alarms, tilted) => {
    const result = decode(plainFrame('06a4', '16', flags), model);
    expect(result).toMatchObject(measuredOnce({ alarms }));
    expect(result.ok && result.measurements[0]?.tilted).toBe(tilted);
  });

  it.each(['270f', 'ffff'])('take the distance %s as no echo, never as a level', (level) => {
    for (const model of MODELS) {
      const result = decode(plainFrame(level, '16', '0000'), model);
      expect(result).toMatchObject(measuredOnce({ temperatureC: 22, sensorFault: 'no echo' }));
      expect(result.ok && result.measurements[0]).not.toHaveProperty('distanceMm');
    }
  });

  it.each([
    ['df702', '8000010319010418011e4b1e00000000000000000000000081'],
    ['dc410', '80000103190302063c1e4b1401010100000000000000000081'],
    ['df530', '8000010319010401001e4b1e00000000000000000000000081'],
    ['df555', '8000010311010418011e4b1e0002000081'],
  ])('%s takes the parameter frame %s as valid without telemetry', (model, hex) => {
    expect(decode(hex, model)).toEqual(WITHOUT_TELEMETRY);
  });

  it.each([
    ['another start', plainFrame('06a4', '16', '0000').replace(/^80/, '81')],
    ['another end', plainFrame('06a4', '16', '0000').replace(/81$/, '80')],
    ['a length that is not the frame’s', plainFrame('06a4', '16', '0000').replace('0111', '0119')],
    ['a byte too many', `${plainFrame('06a4', '16', '0000')}81`],
    ['another device type', '800016021202650000000000000168000181'],
    ['an unknown message', plainFrame('06a4', '16', '0000').replace('800001011', '800001041')],
    ['a data frame of odd length', '8000010212270f0000000000000168000181'],
    ['parameters of another model', '8000010311010418011e4b1e0002000081'],
  ])('refuse %s', (_what, hex) => {
    expect(decode(hex)).toEqual({ ok: false, reason: expect.any(String) });
  });

  it.each(MODELS)('%s refuses every piece of a frame, and what comes behind it', (model) => {
    const frame = plainFrame('06a4', '16', '0000');
    for (const hex of [...cutShort(frame), `${frame}00`]) {
      expect(decode(hex, model)).toMatchObject({ ok: false });
    }
  });

  it('refuse a position where the model has none', () => {
    expect(decode(positionFrame('cd03e942', 'ef272042'), 'dc410')).toEqual({
      ok: false,
      reason: 'a data frame has 17 bytes, not 25',
    });
  });

  it('refuse other ports', () => {
    expect(decode(plainFrame('06a4', '16', '0000'), 'df702', 85)).toMatchObject({ ok: false });
  });
});
