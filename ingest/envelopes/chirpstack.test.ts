import { describe, expect, it } from 'vitest';
import { readChirpStack } from './chirpstack.ts';

/** Made after the events in chirpstack-docs, integrations/events.md. */
const DEVICE_INFO = {
  devEui: '70b3d57ed0000001',
  deviceProfileName: 'EM400-MUD',
  tags: { a: 'b' },
};
const UPLINK = {
  deduplicationId: '3ac7e3c4-4401-4b8d-9386-a5c902f9202d',
  time: '2026-07-18T09:34:15.775023242+00:00',
  deviceInfo: DEVICE_INFO,
  devAddr: '00189440',
  adr: true,
  dr: 1,
  fCnt: 4,
  fPort: 85,
  confirmed: false,
  data: 'AXVc',
  object: { distance: null },
  rxInfo: [{ gatewayId: '0016c001f153a14c', rssi: -36 }],
};
const STATUS = {
  deduplicationId: 'bf2a9746-1c8b-49be-a92e-f0b89c8534e4',
  time: '2026-07-18T09:35:06.927172638+00:00',
  deviceInfo: DEVICE_INFO,
  margin: 10,
  batteryLevel: 88.3,
};
const IDENTITY = 'cs:70b3d57ed0000001:00189440:4';

const read = (document: unknown, topic: { topicDevEui?: string; topicEvent?: string } = {}) =>
  readChirpStack({ document, bytes: Buffer.from(JSON.stringify(document) ?? ''), ...topic });

describe('an uplink of ChirpStack', () => {
  it('is read from its document alone', () => {
    expect(read(UPLINK)).toEqual({
      ok: true,
      uplink: {
        envelope: 'chirpstack-v4',
        kind: 'reading',
        deviceId: '70b3d57ed0000001',
        identity: IDENTITY,
        observedAtMs: Date.UTC(2026, 6, 18, 9, 34, 15, 775),
        fPort: 85,
        payload: Uint8Array.of(0x01, 0x75, 0x5c),
        modelHint: 'em400-mud',
        measurements: undefined,
      },
    });
  });

  it('is the same uplink when it comes with another deduplication id', () => {
    const deduplicationId = '0d967086-f6ed-4acb-a1e7-5ec09fbf7dd7';
    expect(read({ ...UPLINK, deduplicationId })).toEqual(read(UPLINK));
  });

  it.each([{ fCnt: undefined }, { fCnt: null }, { fCnt: 0 }])(
    'with %j is the first since the join',
    (change) => {
      const identity = 'cs:70b3d57ed0000001:00189440:0';
      expect(read({ ...UPLINK, ...change })).toMatchObject({ uplink: { identity } });
    },
  );

  it('claims no identity without an address', () => {
    expect(read({ ...UPLINK, devAddr: undefined })).toMatchObject({
      ok: true,
      uplink: { identity: undefined },
    });
  });

  it.each([{ fPort: 0 }, { fPort: undefined, data: undefined }, { data: '' }, { data: null }])(
    'with %j is a status that keeps the identity of its frame',
    (change) => {
      expect(read({ ...UPLINK, ...change })).toMatchObject({
        ok: true,
        uplink: { kind: 'status', identity: IDENTITY, payload: undefined },
      });
    },
  );

  it.each([
    ['wrong-type', 'fCnt', { fCnt: 4.5 }],
    ['wrong-type', 'fCnt', { fCnt: '4' }],
    ['wrong-type', 'fPort', { fPort: -1 }],
    ['wrong-type', 'data', { data: 'not base64' }],
    ['wrong-type', 'data', { data: 1 }],
    ['wrong-type', 'deviceInfo.devEui', { deviceInfo: {} }],
    ['wrong-type', 'time', { time: 1784367255775 }],
    ['clock', 'time', { time: '2026-07-18' }],
    ['bad-id', 'devEui', { deviceInfo: { devEui: 'AAcAAAAnEAA=' } }],
  ])('is refused as %s naming %s: %j', (reason, named, change) => {
    expect(read({ ...UPLINK, ...change })).toMatchObject({
      ok: false,
      reason,
      detail: expect.stringContaining(named),
    });
  });

  it('is refused when its topic names another device, in whatever case', () => {
    const topicEvent = 'up';
    expect(read(UPLINK, { topicDevEui: '70b3d57ed0000002', topicEvent })).toMatchObject({
      ok: false,
      reason: 'device-mismatch',
    });
    expect(read(UPLINK, { topicDevEui: '70B3D57ED0000001', topicEvent })).toMatchObject({
      ok: true,
    });
  });
});

describe('other events of ChirpStack', () => {
  const topicDevEui = DEVICE_INFO.devEui;

  it('carry the battery that the device reported', () => {
    const result = read(STATUS, { topicDevEui, topicEvent: 'status' });
    expect(result).toMatchObject({
      ok: true,
      uplink: {
        kind: 'status',
        identity: 'cs:70b3d57ed0000001:status:bf2a9746-1c8b-49be-a92e-f0b89c8534e4',
        reportedBatteryPercent: 88.3,
      },
    });
  });

  it.each([
    { batteryLevelUnavailable: true },
    { externalPowerSource: true },
    { batteryLevel: null },
  ])('carry no battery with %j', (change) => {
    const result = read({ ...STATUS, ...change }, { topicDevEui, topicEvent: 'status' });
    expect(result).toMatchObject({ ok: true });
    expect(result.ok && result.uplink).not.toHaveProperty('reportedBatteryPercent');
  });

  it('are refused with a battery of more than everything', () => {
    expect(read({ ...STATUS, batteryLevel: 101 })).toMatchObject({ reason: 'impossible' });
    expect(read({ ...STATUS, batteryLevel: '88' })).toMatchObject({ reason: 'wrong-type' });
  });

  it.each(['join', 'ack', 'txack', 'log', 'location', 'integration'])(
    'on %s are statuses with an identity from their content',
    (topicEvent) => {
      const { deduplicationId: _left, ...document } = STATUS;
      const first = read(document, { topicDevEui, topicEvent });
      const other = read({ ...document, margin: 11 }, { topicDevEui, topicEvent });
      expect(first).toMatchObject({ ok: true, uplink: { kind: 'status' } });
      expect(read(document, { topicDevEui, topicEvent })).toEqual(first);
      expect(first.ok && first.uplink.identity).toMatch(/^cs:70b3d57ed0000001:\w+:[0-9a-f]{64}$/);
      expect(other.ok && other.uplink.identity).not.toBe(first.ok && first.uplink.identity);
    },
  );

  it('tell a join from an uplink by its shape, where no topic does', () => {
    const join = { time: UPLINK.time, deviceInfo: DEVICE_INFO, devAddr: '00189440' };
    expect(read(join)).toMatchObject({ ok: true, uplink: { kind: 'status' } });
  });

  it('on a topic that does not exist are an unknown format', () => {
    expect(read(STATUS, { topicDevEui, topicEvent: 'dance' })).toMatchObject({
      ok: false,
      reason: 'unknown-format',
    });
  });
});
