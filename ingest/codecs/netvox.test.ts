import { describe, expect, it } from 'vitest';
import { cutShort, decodeHex, measuredOnce, WITHOUT_TELEMETRY } from '../testing/decode-hex.ts';

/** Frames from lorawan-devices, netvox/r718*-codec.yaml, and variations of them. */
const decode = (model: string, hex: string, fPort = 6) => decodeHex(`netvox/${model}`, hex, fPort);

describe('Netvox R718X', () => {
  const said = { batteryV: 3.6, temperatureC: 26.3, alarms: [], extras: { tiltDegrees: 10 } };

  it('reads distance, temperature, voltage, lean and the fill that the device computes', () => {
    expect(decode('r718x', '0134012401012c0107320a')).toEqual(
      measuredOnce({ ...said, distanceMm: 300, fillPercent: 50 }),
    );
  });

  it('reads frost and a low battery', () => {
    expect(decode('r718x', '0134019f00012cffce320a')).toMatchObject(
      measuredOnce({ batteryV: 3.1, temperatureC: -5, alarms: ['low-battery'] }),
    );
  });

  it('takes a distance of all ones as no echo, and believes no fill computed from it', () => {
    expect(decode('r718x', '0134012401ffff0107640a')).toEqual(
      measuredOnce({ ...said, sensorFault: 'no echo' }),
    );
  });

  it('keeps the distance when only the fill or the lean is missing', () => {
    expect(decode('r718x', '0134012401012c0107ff0a')).toEqual(
      measuredOnce({ ...said, distanceMm: 300 }),
    );
    const { extras: _extras, ...withoutLean } = said;
    expect(decode('r718x', '0134012401012c010732ff')).toEqual(
      measuredOnce({ ...withoutLean, distanceMm: 300, fillPercent: 50 }),
    );
  });
});

describe('Netvox R718PE', () => {
  it('reads distance, voltage and fill; it has no thermometer', () => {
    expect(decode('r718pe', '01b1012401012c32000000')).toEqual(
      measuredOnce({ batteryV: 3.6, distanceMm: 300, fillPercent: 50, alarms: [] }),
    );
  });

  it('takes a distance of all ones as no echo', () => {
    expect(decode('r718pe', '01b101a401ffff64000000')).toEqual(
      measuredOnce({ batteryV: 3.6, alarms: ['low-battery'], sensorFault: 'no echo' }),
    );
  });
});

describe('Netvox R718PA22', () => {
  it('reads depth, voltage and whole degrees', () => {
    expect(decode('r718pa22', '019b017709c10019000000')).toEqual(
      measuredOnce({ batteryV: 11.9, distanceMm: 2497, temperatureC: 25, alarms: [] }),
    );
    expect(decode('r718pa22', '019b017709c1fffb000000')).toMatchObject(
      measuredOnce({ temperatureC: -5 }),
    );
  });

  it.each([
    ['019b017709c10019010000', 'installation failed'],
    ['019b0177ffff0019000000', 'no echo'],
  ])('takes %s as a fault, never as a level', (hex, sensorFault) => {
    expect(decode('r718pa22', hex)).toEqual(
      measuredOnce({ batteryV: 11.9, temperatureC: 25, alarms: [], sensorFault }),
    );
  });

  it('does not know the commands of the bin sensors', () => {
    expect(decode('r718pa22', '8b9b000000000000000000', 7)).toMatchObject({ ok: false });
  });
});

describe.each([
  ['r718x', '34'],
  ['r718pe', 'b1'],
  ['r718pa22', '9b'],
])('Netvox %s', (model, type) => {
  it.each([
    ['a version report', `01${type}006401202008110000`, 6],
    ['a reply to a command', `81${type}000000000000000000`, 7],
    ['a setting that was asked for', `84${type}003200000000000000`, 7],
  ])('takes %s as valid without telemetry', (_what, hex, fPort) => {
    expect(decode(model, hex, fPort)).toEqual(WITHOUT_TELEMETRY);
  });

  const frame = `01${type}012401012c0000000000`.slice(0, 22);

  it('refuses every piece of a frame, and what comes behind it', () => {
    expect(decode(model, frame)).toMatchObject({ ok: true });
    for (const hex of [...cutShort(frame), `${frame}00`]) {
      expect(decode(model, hex)).toMatchObject({ ok: false });
    }
  });

  it.each([
    ['another version', frame.replace(/^01/, '02'), 6],
    ['another model', frame.replace(`01${type}`, '0199'), 6],
    ['an unknown report', frame.replace(`${type}01`, `${type}02`), 6],
    ['an unknown reply', `99${type}000000000000000000`, 7],
    ['a reply of another model', '8199000000000000000000', 7],
    ['data on another port', frame, 85],
  ])('refuses %s', (_what, hex, fPort) => {
    expect(decode(model, hex, fPort)).toEqual({ ok: false, reason: expect.any(String) });
  });
});
