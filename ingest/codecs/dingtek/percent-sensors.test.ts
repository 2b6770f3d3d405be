import { describe, expect, it } from 'vitest';
import { cutShort, decodeHex, measuredOnce, WITHOUT_TELEMETRY } from '../../testing/decode-hex.ts';

const decode = (model: string, hex: string, fPort = 3) => decodeHex(`dingtek/${model}`, hex, fPort);

/** Frames of both models, from lorawan-devices, with another percentage and battery flag. */
const FRAMES = {
  df200: (percent: string, flag = '00') => `800001010f024c${flag}19${percent}0000010081`,
  df400: (percent: string, flag = '00') => `8000010111024c${flag}190046${percent}0000010081`,
};

describe.each(Object.entries(FRAMES))('Dingtek %s', (model, frame) => {
  it('reads the fill that the device computes, voltage and temperature', () => {
    expect(decode(model, frame('4b'))).toEqual(
      measuredOnce({
        fillPercent: 75,
        temperatureC: 25,
        batteryV: 5.88,
        alarms: [],
        extras: { deviceCounter: 1 },
      }),
    );
  });

  it('reads frost and a low battery', () => {
    expect(decode(model, frame('4b', '01').replace('0119', '01fb'))).toMatchObject(
      measuredOnce({ temperatureC: -5, alarms: ['low-battery'] }),
    );
  });

  it.each(['65', 'ff'])('takes %s percent as no level', (percent) => {
    const result = decode(model, frame(percent));
    expect(result).toMatchObject(measuredOnce({ sensorFault: 'no level' }));
    expect(result.ok && result.measurements[0]).not.toHaveProperty('fillPercent');
  });

  it('takes a parameter frame as valid without telemetry', () => {
    expect(decode(model, '800001030d0102180a14190081')).toEqual(WITHOUT_TELEMETRY);
  });

  it('refuses every piece of a frame, and what comes behind it', () => {
    for (const hex of [...cutShort(frame('4b')), `${frame('4b')}00`]) {
      expect(decode(model, hex)).toMatchObject({ ok: false });
    }
  });

  it('refuses other ports', () => {
    expect(decode(model, frame('4b'), 85)).toMatchObject({ ok: false });
  });
});
