import { describe, expect, it } from 'vitest';
import { fuzzDocuments } from '../testing/fuzz-document.ts';
import { readAs } from '../testing/read-as.ts';

const BODY = {
  Time: '2026-03-01T12:08:22.138+01:00',
  DevEUI: '70B3D57ED0000001',
  DevAddr: '00FDA112',
  FPort: 85,
  FCntUp: 26,
  payload_hex: '01755c',
  DriverCfg: { mod: { pId: 'Milesight', mId: 'em400-mud', ver: '1' } },
};

const read = (change: object = {}) =>
  readAs('thingpark', { DevEUI_uplink: { ...BODY, ...change } });

describe('an uplink of ThingPark', () => {
  it('is read with its time, address, counter and driver', () => {
    expect(read()).toEqual({
      ok: true,
      uplink: {
        envelope: 'thingpark',
        kind: 'reading',
        deviceId: '70b3d57ed0000001',
        identity: 'tp:70b3d57ed0000001:00fda112:26',
        observedAtMs: Date.UTC(2026, 2, 1, 11, 8, 22, 138),
        fPort: 85,
        payload: Uint8Array.of(0x01, 0x75, 0x5c),
        modelHint: 'milesight/em400-mud',
        measurements: undefined,
      },
    });
  });

  it('is the same with its numbers as texts, as older releases write them', () => {
    expect(read({ FPort: '85', FCntUp: '26' })).toEqual(read());
  });

  it('claims no identity without an address', () => {
    expect(read({ DevAddr: undefined })).toMatchObject({ uplink: { identity: undefined } });
  });

  it('carries what its driver has decoded only for a source that maps it', () => {
    const decoded = { distance: { path: 'distance', unit: 'mm' } } as const;
    const document = { DevEUI_uplink: { ...BODY, payload_hex: '', payload: { distance: 620 } } };
    expect(readAs('thingpark', document, { decoded })).toMatchObject({
      uplink: { kind: 'reading', decoded: { distance: 620 }, mapping: decoded },
    });
    expect(readAs('thingpark', document)).toMatchObject({ uplink: { kind: 'status' } });
  });

  it.each([
    ['DevEUI_join', undefined],
    ['DevEUI_location', undefined],
    ['DevEUI_downlink_Sent', true],
    ['DevEUI_notification', true],
  ])('%s is a status', (name, isHearsay) => {
    const result = readAs('thingpark', { [name]: BODY });
    expect(result).toMatchObject({ ok: true, uplink: { kind: 'status' } });
    expect(result.ok && result.uplink.isHearsay).toBe(isHearsay);
  });

  it.each([
    ['bad-id', { DevEUI: '12' }],
    ['wrong-type', { DevEUI: undefined }],
    ['wrong-type', { FPort: 256 }],
    ['wrong-type', { FCntUp: 'many' }],
    ['wrong-type', { payload_hex: '0x01' }],
    ['clock', { Time: 'noon' }],
  ])('is refused as %s: %j', (reason, change) => {
    expect(read(change)).toMatchObject({ ok: false, reason });
  });

  it('is refused by the name of a report that nobody knows', () => {
    expect(readAs('thingpark', { DevEUI_odd: BODY })).toMatchObject({
      reason: 'unknown-format',
      detail: expect.stringContaining('DevEUI_odd'),
    });
  });

  it('never throws, and never refuses without a name', () => {
    fuzzDocuments((document) => readAs('thingpark', document), [{ DevEUI_uplink: BODY }]);
  });
});
