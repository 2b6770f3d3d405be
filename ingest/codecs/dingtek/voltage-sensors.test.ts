import { describe, expect, it } from 'vitest';
import { cutShort, decodeHex, measuredOnce, WITHOUT_TELEMETRY } from '../../testing/decode-hex.ts';

const decode = (model: string, hex: string, fPort = 3) => decodeHex(`dingtek/${model}`, hex, fPort);

/** A frame of the DF701 with its level and flags. */
const laser = (level: string, flags = '0000') => `8000010212${level}00000000${flags}0168000181`;

describe('Dingtek DF701', () => {
  it('reads distance and voltage', () => {
    expect(decode('df701', laser('0265'))).toEqual(
      measuredOnce({ distanceMm: 613, batteryV: 3.6, alarms: [], extras: { deviceCounter: 1 } }),
    );
  });

  it('takes 9999 as no echo (example in lorawan-devices, df701-codec.yaml)', () => {
    expect(decode('df701', laser('270f'))).toEqual(
      measuredOnce({
        batteryV: 3.6,
        alarms: [],
        sensorFault: 'no echo',
        extras: { deviceCounter: 1 },
      }),
    );
  });

  it.each([
    ['1000', ['full']],
    ['0001', ['low-battery']],
    ['0110', []],
  ])('reads the flags %s as %j', (flags, alarms) => {
    expect(decode('df701', laser('0265', flags))).toMatchObject(measuredOnce({ alarms }));
  });

  it('takes a parameter frame as valid without telemetry', () => {
    expect(decode('df701', '800001030c01020a0a140081')).toEqual(WITHOUT_TELEMETRY);
  });

  it.each([...cutShort(laser('0265')), `${laser('0265')}00`])('refuses "%s"', (hex) => {
    expect(decode('df701', hex)).toMatchObject({ ok: false });
  });
});

describe('Dingtek DF556', () => {
  const plain = '800016021202650000000000000168000181';
  const withPosition = '800016021a026501cd03e942ef27204200000000000168000181';

  it('reads voltage and no level, since its level is no distance (examples in lorawan-devices)', () => {
    expect(decode('df556', plain)).toEqual(
      measuredOnce({ batteryV: 3.6, alarms: [], extras: { deviceCounter: 1 } }),
    );
    expect(decode('df556', withPosition)).toEqual(
      measuredOnce({
        batteryV: 3.6,
        alarms: [],
        extras: {
          latitude: 40.038998,
          longitude: 116.507423,
          deviceCounter: 1,
        },
      }),
    );
  });

  it('has a device type of its own', () => {
    expect(decode('df556', laser('0265'))).toMatchObject({ ok: false });
    expect(decode('df701', plain)).toMatchObject({ ok: false });
  });

  it('takes a parameter frame as valid without telemetry', () => {
    expect(decode('df556', '80001603110405003c0a1e4b03e8140081')).toEqual(WITHOUT_TELEMETRY);
  });

  it.each([...cutShort(withPosition), `${withPosition}00`])('refuses "%s"', (hex) => {
    expect(decode('df556', hex)).toMatchObject({ ok: false });
  });

  it('refuses other ports', () => {
    expect(decode('df556', plain, 2)).toMatchObject({ ok: false });
  });
});
