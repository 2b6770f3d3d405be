import { describe, expect, it } from 'vitest';
import { fuzzDocuments } from '../testing/fuzz-document.ts';
import { readAs } from '../testing/read-as.ts';

const AT_MS = Date.UTC(2026, 2, 1, 11, 20);
const RX = {
  cmd: 'rx',
  EUI: '0004A30B00000001',
  ts: AT_MS,
  fcnt: 121,
  port: 1,
  bat: 94,
  data: '02012F00',
};

const read = (change: object = {}) => readAs('loriot', { ...RX, ...change });
const identityOf = (change: object = {}) => {
  const result = read(change);
  return result.ok ? result.uplink.identity : result.reason;
};

describe('an uplink of LORIOT', () => {
  it('is read with its bytes in hexadecimal and its battery on the scale of LoRaWAN', () => {
    expect(read()).toMatchObject({
      ok: true,
      uplink: {
        envelope: 'loriot',
        kind: 'reading',
        deviceId: '0004a30b00000001',
        observedAtMs: AT_MS,
        fPort: 1,
        payload: Uint8Array.of(0x02, 0x01, 0x2f, 0x00),
        reportedBatteryPercent: 36.8,
      },
    });
  });

  it.each([0, 255, -1, 300])('has no battery at %i', (bat) => {
    expect(read({ bat })).not.toHaveProperty('uplink.reportedBatteryPercent');
  });

  it('is one uplink with the message that follows it with all gateways', () => {
    const gw = { cmd: 'gw', ts: AT_MS + 1_200, gws: [{ rssi: -100 }] };
    expect(identityOf(gw)).toBe(identityOf());
  });

  it('is another uplink when the counter has started again', () => {
    expect(identityOf({ ts: AT_MS + 86_400_000 })).not.toBe(identityOf());
    expect(identityOf({ fcnt: 122 })).not.toBe(identityOf());
  });

  it.each([{ port: 0 }, { data: '' }, { data: undefined }])('with %j is a status', (change) => {
    expect(read(change)).toMatchObject({ uplink: { kind: 'status', payload: undefined } });
  });

  it.each(['tx', 'txd'])('"%s" is the word of the server', (cmd) => {
    expect(read({ cmd })).toMatchObject({ uplink: { kind: 'status', isHearsay: true } });
  });

  it.each([
    ['unknown-format', { cmd: 'cq' }],
    ['bad-id', { EUI: '12' }],
    ['wrong-type', { EUI: 1 }],
    ['wrong-type', { fcnt: undefined }],
    ['wrong-type', { data: '0' }],
    ['wrong-type', { data: 'xy' }],
    ['undecodable', { data: undefined, encdata: '0102' }],
    ['clock', { ts: 1e300 }],
  ])('is refused as %s: %j', (reason, change) => {
    expect(read(change)).toMatchObject({ ok: false, reason });
  });

  it('never throws, and never refuses without a name', () => {
    fuzzDocuments((document) => readAs('loriot', document), [RX]);
  });
});
