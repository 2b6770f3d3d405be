import { describe, expect, it } from 'vitest';
import { readMessage } from '../read-message.ts';
import { fuzzDocuments } from '../testing/fuzz-document.ts';
import { readAs } from '../testing/read-as.ts';

const EUI = '70b3d57ed0000001';
const TOPIC = `application/7/device/${EUI}/event`;
const UPLINK = {
  applicationID: '7',
  devEUI: Buffer.from(EUI, 'hex').toString('base64'),
  devAddr: Buffer.from('00189440', 'hex').toString('base64'),
  deviceProfileName: 'EM400-MUD',
  rxInfo: [{ gatewayID: 'AwMDAwMDAwM=', time: null }, { time: '2026-03-01T11:00:00Z' }],
  fCnt: 4,
  fPort: 85,
  data: 'AXVc',
  objectJSON: '{"distance":620}',
  publishedAt: '2026-03-01T11:00:01.5Z',
};

const read = (document: unknown, topic = `${TOPIC}/up`) =>
  readAs('chirpstack-v3', document, { topic });

describe('an uplink of ChirpStack v3', () => {
  it('is read with its ids in base64, and identified like one of version 4', () => {
    expect(read(UPLINK)).toEqual({
      ok: true,
      uplink: {
        envelope: 'chirpstack-v3',
        kind: 'reading',
        deviceId: EUI,
        identity: `cs:${EUI}:00189440:4`,
        observedAtMs: Date.UTC(2026, 2, 1, 11, 0, 1, 500),
        fPort: 85,
        payload: Uint8Array.of(0x01, 0x75, 0x5c),
        modelHint: 'em400-mud',
        measurements: undefined,
      },
    });
  });

  it('is the same with its ids in hexadecimal', () => {
    expect(read({ ...UPLINK, devEUI: EUI.toUpperCase(), devAddr: '00189440' })).toEqual(
      read(UPLINK),
    );
  });

  it('has the time of its gateway when the server tells none', () => {
    expect(read({ ...UPLINK, publishedAt: undefined })).toMatchObject({
      uplink: { observedAtMs: Date.UTC(2026, 2, 1, 11) },
    });
  });

  it('claims no identity without an address', () => {
    expect(read({ ...UPLINK, devAddr: undefined })).toMatchObject({
      uplink: { identity: undefined },
    });
  });

  it('is told from version 4 by its document, under the topic they share', () => {
    const payload = Buffer.from(JSON.stringify(UPLINK));
    expect(readMessage({ topic: `${TOPIC}/up`, payload })).toEqual(read(UPLINK));
  });

  it('carries what was decoded only for a source that maps it', () => {
    const decoded = { distance: { path: 'distance', unit: 'mm' } } as const;
    const topic = `${TOPIC}/up`;
    expect(readAs('chirpstack-v3', UPLINK, { topic, decoded })).toMatchObject({
      uplink: { decoded: { distance: 620 }, mapping: decoded },
    });
    const withoutBytes = { ...UPLINK, data: '' };
    expect(readAs('chirpstack-v3', withoutBytes, { topic, decoded })).toMatchObject({
      uplink: { kind: 'reading', payload: undefined },
    });
    expect(read(withoutBytes)).toMatchObject({ uplink: { kind: 'status' } });
  });

  it.each(['join', 'ack', 'status', 'location'])('%s is a sign of life', (event) => {
    const result = read(UPLINK, `${TOPIC}/${event}`);
    expect(result).toMatchObject({ ok: true, uplink: { kind: 'status' } });
    expect(result.ok && result.uplink.isHearsay).toBeUndefined();
  });

  it('status carries the battery that the device reported', () => {
    const status = { ...UPLINK, batteryLevel: 88.3, batteryLevelUnavailable: false };
    expect(read(status, `${TOPIC}/status`)).toMatchObject({
      uplink: { reportedBatteryPercent: 88.3 },
    });
    expect(read({ ...status, batteryLevel: 300 }, `${TOPIC}/status`)).toMatchObject({
      reason: 'impossible',
    });
  });

  it.each(['txack', 'error'])('%s is the word of the server', (event) => {
    expect(read(UPLINK, `${TOPIC}/${event}`)).toMatchObject({
      uplink: { kind: 'status', isHearsay: true },
    });
  });

  it.each([
    ['bad-id', { devEUI: '70b3' }],
    ['wrong-type', { devEUI: 1 }],
    ['wrong-type', { fCnt: -1 }],
    ['wrong-type', { data: '§' }],
    ['clock', { publishedAt: 'noon' }],
    ['device-mismatch', { devEUI: '70b3d57ed0000002' }],
  ])('is refused as %s: %j', (reason, change) => {
    expect(read({ ...UPLINK, ...change })).toMatchObject({ ok: false, reason });
  });

  it('is refused on a topic of no event', () => {
    expect(read(UPLINK, `${TOPIC}/over`)).toMatchObject({
      reason: 'unknown-format',
      deviceId: EUI,
    });
  });

  it('never throws, and never refuses without a name', () => {
    fuzzDocuments((document) => read(document), [UPLINK]);
    fuzzDocuments((document) => read(document, 'town/all'), [UPLINK]);
  });
});
