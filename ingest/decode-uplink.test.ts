import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDeviceId } from '../domain/ids.ts';
import { CODECS } from './codecs/registry.ts';
import { decodeUplink } from './decode-uplink.ts';
import type { Uplink } from './envelopes/uplink.ts';

const deviceId = parseDeviceId('70b3d57ed0000001');
if (deviceId === undefined) throw new Error('an EUI is a device id');

const RADIO: Uplink = {
  envelope: 'ttn-v3',
  kind: 'reading',
  deviceId,
  identity: 'ttn:70b3d57ed0000001:AYfq:7',
  observedAtMs: Date.UTC(2026, 2, 1),
  fPort: 85,
  payload: hex('01755c0367010104824408050001'),
  modelHint: undefined,
  measurements: undefined,
};
const OWN: Uplink = {
  ...RADIO,
  envelope: 'tunna-json',
  fPort: undefined,
  payload: undefined,
  measurements: [{ fillPercent: 61 }],
};

function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}

describe('decodeUplink', () => {
  it('reads the bytes as the model that the device is registered as', () => {
    expect(decodeUplink(RADIO, 'milesight/em400-mud')).toEqual({
      ok: true,
      measurements: [{ batteryPercent: 92, temperatureC: 25.7, distanceMm: 2116, tilted: true }],
      model: 'milesight/em400-mud',
      status: false,
    });
  });

  it('knows a registered model by its other names', () => {
    expect(decodeUplink(RADIO, 'EM400-MUD')).toMatchObject({
      ok: true,
      model: 'milesight/em400-mud',
    });
  });

  it('goes by the hint of the network server when no model is registered', () => {
    const uplink = { ...RADIO, modelHint: 'milesight-iot/em400-tld' };
    expect(decodeUplink(uplink, null)).toMatchObject({ ok: true, model: 'milesight/em400-tld' });
  });

  it('believes the registration more than the hint', () => {
    const uplink = { ...RADIO, modelHint: 'milesight-iot/em400-mud' };
    expect(decodeUplink(uplink, 'dingtek/df702')).toMatchObject({
      ok: false,
      reason: 'undecodable',
    });
    expect(decodeUplink(uplink, 'acme-1')).toMatchObject({ ok: false, reason: 'no-codec' });
  });

  it('names the hint when there is no codec for it', () => {
    const uplink = { ...RADIO, modelHint: 'acme-iot/bin-9' };
    expect(decodeUplink(uplink, null)).toEqual({
      ok: false,
      reason: 'no-codec',
      detail: expect.stringContaining('acme-iot/bin-9'),
      deviceId,
    });
    expect(decodeUplink(RADIO, null)).toMatchObject({ ok: false, reason: 'no-codec' });
  });

  it('refuses data on a port that the model does not use', () => {
    expect(decodeUplink({ ...RADIO, fPort: 2 }, 'milesight/em400-mud')).toEqual({
      ok: false,
      reason: 'undecodable',
      detail: expect.stringContaining('fPort 2'),
      deviceId,
    });
  });

  it('refuses what no sensor could have measured', () => {
    const frozen = { ...RADIO, payload: hex('036718fc') };
    expect(decodeUplink(frozen, 'milesight/em400-mud')).toEqual({
      ok: false,
      reason: 'impossible',
      detail: 'temperatureC -100 is outside -60..150',
      deviceId,
    });
    const overfull = { ...OWN, measurements: [{ fillPercent: 1000 }] };
    expect(decodeUplink(overfull, null)).toMatchObject({ ok: false, reason: 'impossible' });
  });

  it('keeps a reading without a level', () => {
    expect(decodeUplink({ ...RADIO, payload: hex('01755c') }, 'milesight/em400-mud')).toMatchObject(
      {
        ok: true,
        measurements: [{ batteryPercent: 92 }],
        status: false,
      },
    );
  });

  it('calls a join packet a status', () => {
    expect(decodeUplink({ ...RADIO, payload: hex('ff0bff') }, 'milesight/em400-mud')).toEqual({
      ok: true,
      measurements: [],
      model: 'milesight/em400-mud',
      status: true,
    });
  });

  it('needs no codec for a status of the network server, nor for values in the envelope', () => {
    const status: Uplink = { ...RADIO, kind: 'status', payload: undefined };
    expect(decodeUplink(status, null)).toEqual({
      ok: true,
      measurements: [],
      model: null,
      status: true,
    });
    expect(decodeUplink(OWN, null)).toEqual({
      ok: true,
      measurements: [{ fillPercent: 61 }],
      model: null,
      status: false,
    });
  });

  it('refuses a reading that has neither bytes nor values', () => {
    expect(decodeUplink({ ...RADIO, payload: undefined }, 'milesight/em400-mud')).toMatchObject({
      ok: false,
      reason: 'undecodable',
    });
  });

  describe('with what a network server has decoded', () => {
    const mapping = {
      distance: { path: 'level.cm', unit: 'cm' },
      fill: { path: 'fill', scale: 'ratio' },
    } as const;
    const decoded = { level: { cm: 62 }, fill: 0.57 };

    it('reads the bytes all the same where a codec is known', () => {
      expect(decodeUplink({ ...RADIO, decoded, mapping }, 'milesight/em400-mud')).toMatchObject({
        measurements: [{ distanceMm: 2116 }],
        model: 'milesight/em400-mud',
      });
      // Bytes of another model are a mistake of somebody, which the decoded object must not hide.
      expect(decodeUplink({ ...RADIO, decoded, mapping }, 'dingtek/df702')).toMatchObject({
        reason: 'undecodable',
      });
    });

    it.each([
      ['no codec', RADIO, 'acme/bin-9'],
      ['no model', RADIO, null],
      ['no bytes', { ...RADIO, payload: undefined }, 'milesight/em400-mud'],
    ])('uses the mapping where there is %s', (_what, uplink, model) => {
      expect(decodeUplink({ ...uplink, decoded, mapping }, model)).toEqual({
        ok: true,
        measurements: [{ distanceMm: 620, fillPercent: 57 }],
        model,
        status: false,
      });
    });

    it('refuses as ever where there is no mapping', () => {
      expect(decodeUplink({ ...RADIO, decoded }, null)).toMatchObject({ reason: 'no-codec' });
      expect(decodeUplink({ ...RADIO, decoded, payload: undefined }, null)).toMatchObject({
        reason: 'undecodable',
      });
    });

    it('names the path where something else stands', () => {
      const wrong = { level: { cm: '62 cm' } };
      expect(decodeUplink({ ...RADIO, decoded: wrong, mapping }, null)).toMatchObject({
        reason: 'wrong-type',
        detail: expect.stringContaining('level.cm'),
        deviceId,
      });
    });

    it('refuses what no sensor could have measured', () => {
      const ratio = { fill: 57 };
      expect(decodeUplink({ ...RADIO, decoded: ratio, mapping }, null)).toMatchObject({
        reason: 'impossible',
        detail: expect.stringContaining('fillPercent 5700'),
      });
    });
  });

  it('never throws and never lets an impossible value through', () => {
    const model = fc.constantFrom(null, 'acme-1', ...CODECS.map((codec) => codec.model));
    const fPort = fc.constantFrom(undefined, 3, 6, 7, 85);
    fc.assert(
      fc.property(model, fPort, fc.uint8Array({ maxLength: 30 }), (anyModel, port, payload) => {
        const result = decodeUplink({ ...RADIO, fPort: port, payload }, anyModel);
        if (!result.ok) expect(['undecodable', 'impossible', 'no-codec']).toContain(result.reason);
        else expect(result.status).toBe(result.measurements.length === 0);
      }),
    );
  });
});
