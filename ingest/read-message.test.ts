import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QUARANTINE_REASONS } from './quarantine-reason.ts';
import { readMessage } from './read-message.ts';

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

function read(topic: string, payload: string | Uint8Array | object) {
  if (payload instanceof Uint8Array) return readMessage({ topic, payload });
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return readMessage({ topic, payload: new TextEncoder().encode(text) });
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
    fc.string({ maxLength: 60 }),
  );

  function expectNamedReason(result: ReturnType<typeof readMessage>): void {
    if (result.ok) return;
    expect(Object.keys(QUARANTINE_REASONS)).toContain(result.reason);
    expect(result.detail).not.toBe('');
    expect(result.detail.length).toBeLessThanOrEqual(200);
    expect(result.detail).not.toMatch(/\p{Cc}/u);
  }

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

/** Paths of all fields of a document, inner and outer. */
function fieldPaths(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, held]) => [
    [key],
    ...fieldPaths(held).map((path) => [key, ...path]),
  ]);
}

function replaceField(document: object, path: readonly string[], value: unknown): object {
  const [key = '', ...rest] = path;
  const held: unknown = Object.entries(document).find(([name]) => name === key)?.[1];
  const inner =
    rest.length > 0 && typeof held === 'object' && held !== null
      ? replaceField(held, rest, value)
      : value;
  return { ...document, [key]: inner };
}
