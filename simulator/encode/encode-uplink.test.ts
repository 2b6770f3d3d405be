import { describe, expect, test } from 'vitest';
import type { SensorReading } from '../sensor-model.ts';
import type { TownSensor } from '../town-sensor.ts';
import { encodeUplink } from './encode-uplink.ts';
import type { Frame } from './uplink.ts';

const AT_MS = Date.UTC(2026, 10, 24, 9, 30, 15, 250);

const READING: SensorReading = {
  observedAtMs: AT_MS,
  distanceMm: 500,
  fillPercent: 61,
  temperatureC: 3.4,
  batteryPercent: 88,
  batteryV: 3.5,
  lowBattery: false,
  tiltDegrees: 2,
  tilted: false,
};

const OWN: TownSensor = {
  deviceId: 'tunna-0001',
  model: 'own-json-fill',
  envelope: 'own-json',
  reportIntervalSeconds: 900,
  seed: 1,
  lossRate: 0.1,
  noisePercent: 1,
};
const RADIO: TownSensor = {
  ...OWN,
  deviceId: '0254756e6e00000a',
  model: 'milesight/em400-mud',
  envelope: 'things-stack',
};
const FRAME: Frame = { session: 3, counter: 17, copy: 0, heardAtMs: AT_MS };

/** An uplink as text and as what the text means. */
function encode(
  sensor: TownSensor,
  frame: Frame,
): { topic: string; document: unknown; text: string } {
  const { topic, payload } = encodeUplink(sensor, READING, frame);
  return { topic, text: payload.toString(), document: JSON.parse(payload.toString()) };
}

describe('own JSON', () => {
  test('a device with a fill of its own sends it with boot and seq', () => {
    expect(encode(OWN, FRAME)).toMatchObject({
      topic: 'bins/tunna-0001/up',
      text: '{"observedAt":"2026-11-24T09:30:15.250Z","boot":3,"seq":17,"fillPercent":61,"temperatureC":3.4,"batteryPercent":88,"tilted":false}',
    });
  });

  test('a device that measures distance sends that and no fill', () => {
    const { document } = encode({ ...OWN, model: 'own-json-distance' }, FRAME);
    expect(document).toHaveProperty('distanceMm', 500);
    expect(document).not.toHaveProperty('fillPercent');
  });

  test('wrong clocks are wrong live, but not in the history', () => {
    const unset = { ...OWN, fault: 'clock-unset' } as const;
    const ahead = { ...OWN, fault: 'clock-ahead' } as const;
    expect(encode(unset, FRAME).text).toContain('"observedAt":"2000-01-01T04:15:00.000Z"');
    expect(encode(ahead, FRAME).text).toContain('"observedAt":"2026-11-24T12:30:15.250Z"');
    for (const sensor of [unset, ahead]) {
      expect(encode(sensor, { ...FRAME, session: 0 }).text).toContain('2026-11-24T09:30:15.250Z');
    }
  });
});

describe('The Things Stack', () => {
  test('the topic names the device, the document its DevEUI in upper case', () => {
    const { topic, document } = encode(RADIO, FRAME);
    expect(topic).toBe('v3/soptunnor@ttn/devices/eui-0254756e6e00000a/up');
    expect(document).toMatchObject({
      end_device_ids: { device_id: 'eui-0254756e6e00000a', dev_eui: '0254756E6E00000A' },
      uplink_message: {
        f_cnt: 17,
        f_port: 85,
        // 01 75 58, 03 67 22 00, 04 82 f4 01, 05 00 00
        frm_payload: 'AXVYA2ciAASC9AEFAAA=',
        received_at: '2026-11-24T09:30:15.250000000Z',
        version_ids: { brand_id: 'milesight-iot', model_id: 'em400-mud' },
        rx_metadata: [{ gateway_ids: { gateway_id: expect.stringMatching(/^eui-[0-9a-f]{16}$/) } }],
        settings: { frequency: expect.stringMatching(/^868[135]00000$/) },
      },
    });
  });

  test('a counter of 0 is left out, as proto-JSON does', () => {
    const { text } = encode(RADIO, { ...FRAME, counter: 0 });
    expect(text).not.toContain('f_cnt');
    expect(encode(RADIO, FRAME).text).toContain('"f_cnt":17');
  });

  test('a repeated message is the same byte for byte', () => {
    expect(encode(RADIO, { ...FRAME, copy: 1 })).toEqual(encode(RADIO, FRAME));
  });

  test('each session has a key of 16 bytes of its own', () => {
    const keys = [0, 1, 2].map((session) => {
      return /"session_key_id":"([^"]+)"/.exec(encode(RADIO, { ...FRAME, session }).text)?.[1];
    });
    expect(new Set(keys).size).toBe(3);
    for (const key of keys) expect(Buffer.from(key ?? '', 'base64')).toHaveLength(16);
  });
});

describe('ChirpStack', () => {
  const sensor = { ...RADIO, envelope: 'chirpstack' } as const;

  test('topic and document name the DevEUI in lower case, and a counter of 0 stands there', () => {
    const { topic, document } = encode(sensor, { ...FRAME, counter: 0 });
    expect(topic).toMatch(/^application\/[0-9a-f-]{36}\/device\/0254756e6e00000a\/event\/up$/);
    expect(document).toMatchObject({
      deduplicationId: expect.stringMatching(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
      time: '2026-11-24T09:30:15.250+00:00',
      deviceInfo: { devEui: '0254756e6e00000a' },
      devAddr: expect.stringMatching(/^0[0-3][0-9a-f]{6}$/),
      fCnt: 0,
      fPort: 85,
      confirmed: false,
      data: 'AXVYA2ciAASC9AEFAAA=',
      txInfo: { frequency: expect.any(Number) },
    });
  });

  test('a repeated frame has another deduplication id and is otherwise the same', () => {
    const withoutId = (text: string): string => text.replace(/"deduplicationId":"[^"]+",/, '');
    const once = encode(sensor, FRAME).text;
    const again = encode(sensor, { ...FRAME, copy: 1 }).text;
    expect(again).not.toBe(once);
    expect(withoutId(again)).toBe(withoutId(once));
  });
});
