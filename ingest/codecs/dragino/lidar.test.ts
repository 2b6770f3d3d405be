import { describe, expect, it } from 'vitest';
import { cutShort, decodeHex, measuredOnce, WITHOUT_TELEMETRY } from '../../testing/decode-hex.ts';

const decode = (model: string, hex: string, fPort = 2) => decodeHex(`dragino/${model}`, hex, fPort);

/** A frame with its distance, strength and the type of its message. */
const frame = (distance: string, strength: string, type = '01') =>
  `0d5c0000${distance}${strength}001e${type}`;

describe.each(['llds12', 'llds40', 'lds12-lb', 'lds40-lb'])('Dragino %s', (model) => {
  it('reads distance, strength, battery and its own temperature (example in lorawan-devices)', () => {
    expect(decode(model, frame('0b18', '01b1'))).toEqual(
      measuredOnce({
        batteryV: 3.42,
        distanceMm: 2840,
        extras: { echoStrength: 433, sensorTemperatureC: 30 },
      }),
    );
  });

  it('reads the temperature of a probe, and frost', () => {
    expect(decode(model, '0d5cff3f0b1801b100f101')).toEqual(
      measuredOnce({
        batteryV: 3.42,
        temperatureC: -19.3,
        distanceMm: 2840,
        extras: { echoStrength: 433, sensorTemperatureC: -15 },
      }),
    );
  });

  it.each([
    ['0b18', '0064', 'weak reflection'],
    ['0b18', '0000', 'weak reflection'],
    ['0b18', 'ffff', 'weak reflection'],
    ['afc8', '01b1', 'out of range'],
    ['ffff', '01b1', 'out of range'],
    ['0000', '01b1', 'out of range'],
  ])('takes the distance %s at strength %s as no level', (distance, strength, sensorFault) => {
    expect(decode(model, frame(distance, strength))).toEqual(
      measuredOnce({
        batteryV: 3.42,
        extras: { echoStrength: parseInt(strength, 16), sensorTemperatureC: 30 },
        sensorFault,
      }),
    );
  });

  it('believes the weakest signal that the manual believes', () => {
    expect(decode(model, frame('0b18', '0065'))).toMatchObject(measuredOnce({ distanceMm: 2840 }));
  });

  it('takes its settings as valid without telemetry', () => {
    expect(decode(model, frame('0b18', '01b1', '02'))).toEqual(WITHOUT_TELEMETRY);
  });

  it('refuses unknown messages, pieces, what comes behind, and other ports', () => {
    const whole = frame('0b18', '01b1');
    for (const hex of [...cutShort(whole), `${whole}01`, frame('0b18', '01b1', '03')]) {
      expect(decode(model, hex)).toMatchObject({ ok: false });
    }
    expect(decode(model, whole, 42)).toMatchObject({ ok: false });
  });
});

describe.each([
  ['lds12-lb', '24'],
  ['lds40-lb', '25'],
])('Dragino %s', (model, sensorModel) => {
  it('reads kept records as measurements of their own time', () => {
    const observedAtMs = Date.UTC(2023, 7, 4, 9, 36, 36);
    expect(decode(model, '40000b1801b1f164ccc6a440000b1800641e64ccc6a5', 3)).toEqual({
      ok: true,
      measurements: [
        {
          observedAtMs,
          distanceMm: 2840,
          extras: { echoStrength: 433, sensorTemperatureC: -15 },
        },
        {
          observedAtMs: observedAtMs + 1000,
          extras: { echoStrength: 100, sensorTemperatureC: 30 },
          sensorFault: 'weak reflection',
        },
      ],
    });
  });

  it('says its battery in a status frame', () => {
    expect(decode(model, `${sensorModel}010001000d12`, 5)).toEqual(
      measuredOnce({ batteryV: 3.346 }),
    );
  });
});
