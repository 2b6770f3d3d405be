import { describe, expect, it } from 'vitest';
import { fuzzDocuments } from '../testing/fuzz-document.ts';
import { readAs } from '../testing/read-as.ts';

const UPLINK = {
  applicationID: 1,
  devEUI: '24e1240000000001',
  time: '2026-03-01T11:00:00.5Z',
  rxInfo: [{ mac: '24e124fffef00001', rssi: -57, loRaSNR: 10 }],
  fCnt: 7,
  fPort: 85,
  data: 'AXVc',
};
const read = (change: object = {}) => readAs('milesight-gateway', { ...UPLINK, ...change });
const identityOf = (change: object) => {
  const result = read(change);
  return result.ok ? result.uplink.identity : result.reason;
};

describe('an uplink of a Milesight gateway', () => {
  it('is read', () => {
    expect(read()).toMatchObject({
      ok: true,
      uplink: {
        envelope: 'milesight-gateway',
        kind: 'reading',
        deviceId: '24e1240000000001',
        observedAtMs: Date.UTC(2026, 2, 1, 11, 0, 0, 500),
        fPort: 85,
        payload: Uint8Array.of(0x01, 0x75, 0x5c),
      },
    });
  });

  it('with a malformed time is read as if it told none, and is still one however often it comes', () => {
    const time = '2026-0301T11:00:00Z';
    expect(read({ time })).toMatchObject({ uplink: { kind: 'reading', observedAtMs: undefined } });
    expect(identityOf({ time })).toBe(identityOf({ time }));
    expect(identityOf({ time })).not.toBe(identityOf({ time, fCnt: 8 }));
    expect(identityOf({ time })).not.toBe(identityOf({ time: '2026-0302T11:00:00Z' }));
  });

  it('without any time claims no identity: the counter starts again with every join', () => {
    expect(identityOf({ time: undefined })).toBeUndefined();
  });

  it.each([{ fPort: 0 }, { data: '' }])('with %j is a status', (change) => {
    expect(read(change)).toMatchObject({ uplink: { kind: 'status', payload: undefined } });
  });

  it.each([
    ['bad-id', { devEUI: 'JOEkAAAAAAE=' }],
    ['wrong-type', { devEUI: 1 }],
    ['wrong-type', { data: '§' }],
    ['wrong-type', { fPort: 300 }],
  ])('is refused as %s: %j', (reason, change) => {
    expect(read(change)).toMatchObject({ ok: false, reason });
  });

  it('never throws, and never refuses without a name', () => {
    fuzzDocuments((document) => readAs('milesight-gateway', document), [UPLINK]);
  });
});
