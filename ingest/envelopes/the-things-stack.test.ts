import { describe, expect, it } from 'vitest';
import { readTheThingsStack } from './the-things-stack.ts';

/** Made after the documents in lorawan-stack-docs, "MQTT server". */
const IDS = {
  device_id: 'eui-70b3d57ed0000001',
  dev_eui: '70B3D57ED0000001',
  dev_addr: '260B1234',
};
const FRAME = {
  session_key_id: 'AYfqmb0pc/1uRZv9xUydgQ==',
  f_port: 85,
  f_cnt: 10335,
  frm_payload: 'AXVc',
  decoded_payload: { distance: 1 },
  rx_metadata: [{ time: '1980-01-06T00:00:00Z', rssi: -54 }],
  settings: { frequency: '868100000', time: '1980-01-06T00:00:00Z' },
  received_at: '2026-05-19T05:33:35.641841782Z',
};
const DOCUMENT = {
  end_device_ids: IDS,
  correlation_ids: ['as:up:01H0S7ZJQ9MQPMVY49FT3SE07M'],
  received_at: '2026-05-19T05:33:35.848446463Z',
  uplink_message: FRAME,
};
const IDENTITY = 'ttn:70b3d57ed0000001:AYfqmb0pc/1uRZv9xUydgQ==:10335';

const read = (document: unknown, topic: { topicDevice?: string; topicTail?: string } = {}) =>
  readTheThingsStack({ document, bytes: Buffer.from(JSON.stringify(document) ?? ''), ...topic });

const withFrame = (change: object) => ({ ...DOCUMENT, uplink_message: { ...FRAME, ...change } });

describe('an uplink of The Things Stack', () => {
  it('is read from its document alone', () => {
    expect(read(DOCUMENT)).toEqual({
      ok: true,
      uplink: {
        envelope: 'ttn-v3',
        kind: 'reading',
        deviceId: '70b3d57ed0000001',
        identity: IDENTITY,
        observedAtMs: Date.UTC(2026, 4, 19, 5, 33, 35, 641),
        fPort: 85,
        payload: Uint8Array.of(0x01, 0x75, 0x5c),
        modelHint: undefined,
        measurements: undefined,
      },
    });
  });

  it('is dated by the application server when the network server gave no time', () => {
    const observedAtMs = Date.UTC(2026, 4, 19, 5, 33, 35, 848);
    expect(read(withFrame({ received_at: undefined }))).toMatchObject({ uplink: { observedAtMs } });
  });

  it.each([{ f_cnt: undefined }, { f_cnt: null }, { f_cnt: 0 }])(
    'with %j is the first frame of its session',
    (change) => {
      expect(read(withFrame(change))).toMatchObject({
        uplink: { identity: 'ttn:70b3d57ed0000001:AYfqmb0pc/1uRZv9xUydgQ==:0' },
      });
    },
  );

  it('has another identity in another session', () => {
    expect(read(withFrame({ session_key_id: 'AZCHQat2VmAxX4ZK0gWZPw==' }))).not.toMatchObject({
      uplink: { identity: IDENTITY },
    });
  });

  it.each([{ session_key_id: undefined }, { session_key_id: 'a\u0000b' }])(
    'without a usable session (%j) claims no identity',
    (change) => {
      expect(read(withFrame(change))).toMatchObject({ ok: true, uplink: { identity: undefined } });
    },
  );

  it('that is simulated does not use up a counter of the session', () => {
    expect(read({ ...DOCUMENT, simulated: true })).toMatchObject({
      ok: true,
      uplink: { kind: 'reading', identity: undefined },
    });
  });

  it('hints at the model with the ids of the device repository', () => {
    const version_ids = { brand_id: 'milesight-iot', model_id: 'em400-mud', band_id: 'EU_863_870' };
    expect(read(withFrame({ version_ids }))).toMatchObject({
      uplink: { modelHint: 'milesight-iot/em400-mud' },
    });
  });

  it.each([
    { f_port: undefined },
    { f_port: undefined, frm_payload: undefined },
    { frm_payload: undefined },
    { frm_payload: '' },
  ])('with %j is a status that keeps the identity of its frame', (change) => {
    expect(read(withFrame(change))).toMatchObject({
      ok: true,
      uplink: { kind: 'status', identity: IDENTITY, payload: undefined },
    });
  });

  it.each([
    ['wrong-type', 'uplink_message.f_cnt', withFrame({ f_cnt: 1.5 })],
    ['wrong-type', 'uplink_message.f_cnt', withFrame({ f_cnt: '10335' })],
    ['wrong-type', 'uplink_message.f_cnt', withFrame({ f_cnt: 2 ** 32 })],
    ['wrong-type', 'uplink_message.f_port', withFrame({ f_port: 256 })],
    ['wrong-type', 'uplink_message.frm_payload', withFrame({ frm_payload: 'AXVc=' })],
    ['wrong-type', 'uplink_message.frm_payload', withFrame({ frm_payload: [1] })],
    ['wrong-type', 'end_device_ids', { ...DOCUMENT, end_device_ids: undefined }],
    ['wrong-type', 'uplink_message', { ...DOCUMENT, uplink_message: 'x' }],
    ['clock', 'uplink_message.received_at', withFrame({ received_at: 'now' })],
    ['clock', 'received_at', { ...DOCUMENT, received_at: '2026-02-30T00:00:00Z' }],
    ['no-identity', 'dev_eui', { ...DOCUMENT, end_device_ids: { device_id: 'x' } }],
    ['bad-id', '70B3', { ...DOCUMENT, end_device_ids: { dev_eui: '70B3' } }],
  ])('is refused as %s naming %s', (reason, named, document) => {
    expect(read(document)).toMatchObject({
      ok: false,
      reason,
      detail: expect.stringContaining(named),
    });
  });

  it('is refused when its topic names another device', () => {
    const topic = { topicDevice: 'eui-70b3d57ed0000002', topicTail: 'up' };
    expect(read(DOCUMENT, topic)).toMatchObject({ ok: false, reason: 'device-mismatch' });
  });
});

describe('other documents of The Things Stack', () => {
  const topicDevice = IDS.device_id;
  const rest = { end_device_ids: IDS, received_at: DOCUMENT.received_at };

  it.each([
    ['join', { ...rest, join_accept: { session_key_id: FRAME.session_key_id } }],
    ['down/ack', { ...rest, downlink_ack: { f_cnt: 10335 } }],
    ['up/normalized', { ...rest, uplink_normalized: FRAME }],
    ['service/data', { ...rest, service_data: {} }],
    ['location/solved', { ...rest, location_solved: {} }],
  ])('on %s are statuses', (topicTail, document) => {
    const result = read(document, { topicDevice, topicTail });
    expect(result).toMatchObject({
      ok: true,
      uplink: { kind: 'status', deviceId: '70b3d57ed0000001', payload: undefined },
    });
    // The same bytes are the same document, and never the frame they tell of.
    expect(read(document, { topicDevice, topicTail })).toEqual(result);
    expect(result).not.toMatchObject({ uplink: { identity: IDENTITY } });
  });

  it.each(['down/push', 'down/replace', 'down/queued', 'down/sent', 'down/failed'])(
    'on %s say nothing of the device itself',
    (topicTail) => {
      const result = read(rest, { topicDevice, topicTail });
      expect(result).toMatchObject({ ok: true, uplink: { kind: 'status', isHearsay: true } });
    },
  );

  it('go by the name of the device when they lack the DevEUI', () => {
    const document = { end_device_ids: { device_id: 'dev1' }, downlink_failed: {} };
    expect(read(document, { topicDevice: 'dev1', topicTail: 'down/failed' })).toMatchObject({
      ok: true,
      uplink: { kind: 'status', deviceId: 'dev1' },
    });
  });

  it('on a topic that does not exist are an unknown format', () => {
    expect(read(rest, { topicDevice, topicTail: 'up/other' })).toMatchObject({
      ok: false,
      reason: 'unknown-format',
    });
  });

  it('are refused when nothing says which device they are about', () => {
    expect(read({ end_device_ids: {} })).toMatchObject({ ok: false, reason: 'no-identity' });
    expect(read({ end_device_ids: { device_id: 'a/b' } })).toMatchObject({ reason: 'bad-id' });
  });
});
