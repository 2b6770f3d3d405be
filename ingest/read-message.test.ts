import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMessage } from './read-message.ts';
import type { Source } from './sources/source.ts';
import { expectNamedReason, fieldPaths, replaceField } from './testing/fuzz-document.ts';

const EUI = '70b3d57ed0000001';
const OWN = 'bins/sensor-7/up';
const TTN = `v3/town@ttn/devices/eui-${EUI}/up`;
const CHIRPSTACK = `application/17c82e96-be03-4f38-aef3-f83d48582d97/device/${EUI}/event/up`;

const TTN_DOCUMENT = {
  end_device_ids: { device_id: `eui-${EUI}`, dev_eui: EUI.toUpperCase() },
  uplink_message: { session_key_id: 'AYfq', f_port: 85, f_cnt: 7, frm_payload: 'AXVc' },
};
const CHIRPSTACK_DOCUMENT = {
  deviceInfo: { devEui: EUI },
  devAddr: '00189440',
  fCnt: 7,
  fPort: 85,
  data: 'AXVc',
};

function read(topic: string, payload: unknown, door = 'mqtt', sources: readonly Source[] = []) {
  if (payload instanceof Uint8Array) return readMessage({ topic, payload, door }, sources);
  const text = typeof payload === 'string' ? payload : (JSON.stringify(payload) ?? '');
  return readMessage({ topic, payload: new TextEncoder().encode(text), door }, sources);
}

describe('readMessage', () => {
  it.each([
    [OWN, { fillPercent: 61 }, 'tunna-json', 'sensor-7'],
    [`bins/${EUI.toUpperCase()}/up`, { fillPercent: 61 }, 'tunna-json', EUI],
    [TTN, TTN_DOCUMENT, 'ttn-v3', EUI],
    [CHIRPSTACK, CHIRPSTACK_DOCUMENT, 'chirpstack-v4', EUI],
  ])('chooses the envelope by the topic %s', (topic, document, envelope, deviceId) => {
    expect(read(topic, document)).toMatchObject({
      ok: true,
      uplink: { envelope, deviceId, kind: 'reading' },
    });
  });

  it.each([
    ['lora/all', TTN_DOCUMENT, 'ttn-v3'],
    [`tenant/${TTN}`, TTN_DOCUMENT, 'ttn-v3'],
    ['lora/all', CHIRPSTACK_DOCUMENT, 'chirpstack-v4'],
  ])('goes by the shape of the document on %s', (topic, document, envelope) => {
    expect(read(topic, document)).toMatchObject({ ok: true, uplink: { envelope } });
  });

  it.each([
    ['lora/all', { fillPercent: 5 }],
    ['bins/sensor-7/down', { fillPercent: 5 }],
    ['bins/sensor-7/up/more', { fillPercent: 5 }],
    ['', { fillPercent: 5 }],
    ['lora/all', '[1,2]'],
    ['lora/all', 'null'],
    ['lora/all', { deviceInfo: { devEui: EUI } }],
  ])('knows no format for %s %j', (topic, document) => {
    expect(read(topic, document)).toMatchObject({ ok: false, reason: 'unknown-format' });
  });

  describe('with sources', () => {
    const senml = [{ n: 'fill', v: 0.61 }];
    const town: Source = { name: 'town', envelope: 'senml', percentScale: 'ratio' };

    it('reads a message as the source of its door says, whatever its topic', () => {
      const other: Source = { name: 'other', envelope: 'loriot' };
      expect(read('bins/dev-1/up', senml, 'source-town', [other, town])).toMatchObject({
        ok: true,
        uplink: { envelope: 'senml', measurements: [{ fillPercent: 61 }] },
      });
    });

    it('reads a webhook as the source in its topic says', () => {
      const documents = [{ bn: 'bin-7/', n: 'fill', v: 0.61 }];
      expect(read('uplinks/town', documents, 'webhooks', [town])).toMatchObject({
        ok: true,
        uplink: { envelope: 'senml', deviceId: 'bin-7' },
      });
      // From other doors that topic means nothing.
      expect(read('uplinks/town', documents, 'mqtt', [town])).toMatchObject({ reason: 'no-scale' });
    });

    it('reads a message at our own broker as the source with a matching filter says', () => {
      const filtered: Source = { ...town, topics: ['depot/+/senml'] };
      expect(read('depot/bin-7/senml', senml, 'mqtt', [filtered])).toMatchObject({
        ok: true,
        uplink: { deviceId: 'bin-7', measurements: [{ fillPercent: 61 }] },
      });
      expect(read('depot/bin-7/other', senml, 'mqtt', [filtered])).toMatchObject({ ok: false });
    });

    it('goes by topic and shape where the source does not say the form', () => {
      const silent: Source = { name: 'town' };
      expect(read(CHIRPSTACK, CHIRPSTACK_DOCUMENT, 'source-town', [silent])).toEqual(
        read(CHIRPSTACK, CHIRPSTACK_DOCUMENT),
      );
    });

    it('takes a list on a device own topic for SenML, and an object for its own JSON', () => {
      const volts = [{ n: 'battery', u: 'V', v: 3.5 }];
      expect(read(OWN, volts)).toMatchObject({
        ok: true,
        uplink: { envelope: 'senml', deviceId: 'sensor-7', measurements: [{ batteryV: 3.5 }] },
      });
    });

    it('knows network servers at the webhook door by their names alone', () => {
      const document = { cmd: 'rx', EUI: EUI, ts: 1_772_000_000_000, fcnt: 1, port: 1, data: '00' };
      expect(read('uplinks/loriot', document, 'webhooks')).toMatchObject({
        ok: true,
        uplink: { envelope: 'loriot' },
      });
      expect(read('uplinks/chirpstack-v4/join', CHIRPSTACK_DOCUMENT, 'webhooks')).toMatchObject({
        ok: true,
        uplink: { envelope: 'chirpstack-v4', kind: 'status' },
      });
      expect(read('uplinks/ttn-v3/my-path', TTN_DOCUMENT, 'webhooks')).toMatchObject({
        ok: true,
        uplink: { envelope: 'ttn-v3', kind: 'reading' },
      });
      expect(read('uplinks/nobody', { fillPercent: 5 }, 'webhooks')).toMatchObject({
        reason: 'unknown-format',
      });
    });
  });

  it.each([
    ['no bytes', new Uint8Array()],
    ['blanks', '   '],
    ['a bare number that is none', 'NaN'],
    ['an infinity', '{"fillPercent":Infinity}'],
    ["a sensor's raw bytes", Uint8Array.of(0x01, 0x75, 0x5c, 0x04, 0x02)],
  ])('refuses %s as not JSON', (_what, payload) => {
    expect(read(OWN, payload)).toEqual({
      ok: false,
      reason: 'not-json',
      detail: 'the payload is not JSON',
      deviceId: 'sensor-7',
    });
  });

  it.each([
    ['bad-encoding', Uint8Array.of(0x1f, 0x8b, 0x08)],
    ['bad-encoding', '\ufeff{"fillPercent":5}'],
    ['bad-encoding', Uint8Array.from(Buffer.from('\ufeff{"fillPercent":5}', 'utf16le'))],
    ['bad-encoding', '{"fillPercent":5,"boot":"\\ud800"}'],
    ['too-deep', '['.repeat(100_000)],
    ['too-long', ' '.repeat(300_000)],
    ['wrong-type', '{"fillPercent":1e999}'],
    ['wrong-type', `{"fillPercent":${'9'.repeat(100_000)}}`],
    ['wrong-type', '[]'],
    ['wrong-type', 'null'],
    ['wrong-type', '"5"'],
    ['wrong-type', '{"fillPercent":"5"}'],
    ['wrong-type', '{"fillPercent":5,"__proto__":{"tilted":true}}'],
    ['clock', '{"fillPercent":5,"observedAt":8640000000000001}'],
    ['no-level', '{}'],
  ])('refuses hostile JSON as %s', (reason, payload) => {
    expect(read(OWN, payload)).toMatchObject({ ok: false, reason, deviceId: 'sensor-7' });
  });

  it.each(['no JSON', '{"deviceInfo":{"devEui":1}}', '{}'])(
    'files %s under the device that the topic names',
    (payload) => {
      expect(read(CHIRPSTACK, payload)).toMatchObject({ ok: false, deviceId: EUI });
    },
  );

  it.each(['', 'a b', '__proto__', '..', 'x'.repeat(65), 'smörgås'])(
    'refuses the device id "%s" in a topic',
    (device) => {
      expect(read(`bins/${device}/up`, { fillPercent: 5 })).toMatchObject({
        ok: false,
        reason: 'bad-id',
      });
    },
  );

  it.each([
    [TTN.replace(EUI, '70b3d57ed0000002'), TTN_DOCUMENT],
    [CHIRPSTACK.replace(EUI, '70b3d57ed0000002'), CHIRPSTACK_DOCUMENT],
    [OWN, { deviceId: 'sensor-8', fillPercent: 5 }],
  ])('refuses a message on the topic of another device: %s', (topic, document) => {
    expect(read(topic, document)).toMatchObject({ ok: false, reason: 'device-mismatch' });
  });

  const topic = fc.oneof(
    fc.constantFrom(OWN, TTN, CHIRPSTACK, 'lora/all', TTN.replace('/up', '/join')),
    fc.constantFrom(
      'tele/bin-7/SENSOR',
      'tele/bin-7/LWT',
      '/ul/key/bin-7/attrs',
      '/json/key/bin-7/attrs',
      'v2/org/container/event/c1/full',
      'uplinks/loriot',
    ),
    fc.string({ maxLength: 60 }),
  );

  it('gives an uplink or a named reason for any bytes', () => {
    fc.assert(
      fc.property(topic, fc.uint8Array({ maxLength: 120 }), (anyTopic, payload) => {
        expectNamedReason(readMessage({ topic: anyTopic, payload }));
      }),
    );
  });

  it('gives an uplink or a named reason for any JSON', () => {
    fc.assert(
      fc.property(topic, fc.json({ maxDepth: 4 }), (anyTopic, text) => {
        expectNamedReason(read(anyTopic, text));
      }),
    );
  });

  it('gives an uplink or a named reason when any field of a real document is replaced', () => {
    const documents: readonly (readonly [string, object])[] = [
      [
        OWN,
        { observedAt: '2026-03-01T12:00:00Z', seq: 1, boot: 2, fillPercent: 5, alarms: ['full'] },
      ],
      [TTN, TTN_DOCUMENT],
      [CHIRPSTACK, CHIRPSTACK_DOCUMENT],
    ];
    const cases = documents.flatMap(([path, document]) =>
      fieldPaths(document).map((field) => [path, document, field] as const),
    );
    fc.assert(
      fc.property(fc.constantFrom(...cases), fc.jsonValue({ maxDepth: 2 }), (one, value) => {
        const [path, document, field] = one;
        expectNamedReason(read(path, replaceField(document, field, value)));
      }),
      { numRuns: 500 },
    );
  });
});
