import { describe, expect, it } from 'vitest';
import { findCodec } from './registry.ts';

/** Frames from lorawan-devices, netvox/r718x-codec.yaml, and variations of them. */
function decode(hex: string, fPort = 6) {
  const codec = findCodec('netvox/r718x');
  if (codec === undefined) throw new Error('no codec for the R718X');
  return codec.decode(new Uint8Array(Buffer.from(hex, 'hex')), fPort);
}

const measured = (measurement: object) => ({ ok: true, measurements: [measurement] });

describe('Netvox R718X', () => {
  it('reads distance, temperature, voltage and the fill that the device computes', () => {
    expect(decode('0134012401012c0107320a')).toEqual(
      measured({
        batteryV: 3.6,
        distanceMm: 300,
        temperatureC: 26.3,
        fillPercent: 50,
        alarms: [],
      }),
    );
  });

  it('reads frost and a low battery', () => {
    expect(decode('0134019f00012cffce320a')).toMatchObject({
      measurements: [{ batteryV: 3.1, temperatureC: -5, alarms: ['low-battery'] }],
    });
  });

  it('takes a distance of all ones as no echo, and believes no fill computed from it', () => {
    expect(decode('0134012401ffff0107640a')).toEqual(
      measured({ batteryV: 3.6, temperatureC: 26.3, alarms: [], sensorFault: 'no echo' }),
    );
  });

  it('keeps the distance when only the fill is missing', () => {
    expect(decode('0134012401012c0107ff0a')).toEqual(
      measured({ batteryV: 3.6, temperatureC: 26.3, alarms: [], distanceMm: 300 }),
    );
  });

  it.each([
    ['a version report', '0134006401202008110000', 6],
    ['a reply to a command', '8134000000000000000000', 7],
    ['a distance that was asked for', '863407d000000000000000', 7],
  ])('takes %s as valid without telemetry', (_what, hex, fPort) => {
    expect(decode(hex, fPort)).toEqual({ ok: true, measurements: [] });
  });

  it.each([
    ['nothing at all', '', 6],
    ['a byte too few', '0134012401012c010732', 6],
    ['a byte too many', '0134012401012c0107320a00', 6],
    ['another version', '0234012401012c0107320a', 6],
    ['an R718PE', '01b1012401012c32000000', 6],
    ['an unknown report', '0134022401012c0107320a', 6],
    ['an unknown reply', '9934000000000000000000', 7],
    ['a reply of another model', '81b1000000000000000000', 7],
    ['data on another port', '0134012401012c0107320a', 85],
  ])('refuses %s', (_what, hex, fPort) => {
    expect(decode(hex, fPort)).toEqual({ ok: false, reason: expect.any(String) });
  });
});
