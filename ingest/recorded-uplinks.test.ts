import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Measurement } from '../domain/measurement.ts';
import { codecForAlias } from './codecs/registry.ts';
import { decodeUplink } from './decode-uplink.ts';
import type { EnvelopeName } from './envelopes/envelope-names.ts';
import { readMessage } from './read-message.ts';
import type { RawMessage } from './read-message.ts';
import { WEBHOOK_DOOR, WEBHOOK_ENVELOPES } from './sources/find-source.ts';
import type { Source } from './sources/source.ts';
import { readTestData } from './testing/test-data.ts';

const FILE = 'uplinks.json';

const Row = z.object({
  id: z.string(),
  format: z.string(),
  kind: z.string(),
  mqttTopic: z.string().nullable(),
  document: z.union([z.record(z.string(), z.unknown()), z.string()]),
  expected: z
    .looseObject({
      model: z.string().optional(),
      bytesHex: z.string().optional(),
      fPort: z.int().optional(),
      distanceMm: z.number().optional(),
      fillPct: z.number().optional(),
      decoded: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).optional(),
    })
    .nullable(),
});
type Row = z.output<typeof Row>;

/** What the collection calls the forms. A form without a name of ours is one that nobody reads. */
const ENVELOPE_OF_FORMAT: Record<string, EnvelopeName> = {
  'tts-v3': 'ttn-v3',
  'chirpstack-v4': 'chirpstack-v4',
  'chirpstack-v3': 'chirpstack-v3',
  loriot: 'loriot',
  'actility-thingpark': 'thingpark',
  'milesight-gateway': 'milesight-gateway',
  'dragino-nb-json': 'dragino-nb-json',
  tasmota: 'tasmota',
  'fiware-json': 'fiware-json',
  'fiware-ul': 'fiware-ultralight',
  'smartclean-bin': 'smartclean',
};

/** Documents that are no reading, and why not: a placeholder, and what lacks a level, a meaning or a form. */
const REFUSED: Record<string, { reason: string; names: string }> = {
  u054: { reason: 'wrong-type', names: 'end_device_ids' },
  u068: { reason: 'no-level', names: 'SN50V3-CB' },
  u071: { reason: 'no-mapping', names: 'h, t' },
  u072: { reason: 'no-mapping', names: 'h, t' },
  u073: { reason: 'unknown-format', names: 'topic' },
};

/** Shows no `f_port`, which means port 0: nothing that a sensor sent. */
const WITHOUT_PORT = 'u047';

const data = readTestData(FILE);
const rows = z.array(Row).parse(data ?? []);
const read = rows.filter(({ id }) => REFUSED[id] === undefined);
const refused = rows.filter(({ id }) => REFUSED[id] !== undefined);
const withModel = read.filter(({ expected }) => expected?.model !== undefined);
const byWebhook = read.filter(({ format }) =>
  WEBHOOK_ENVELOPES.some((one) => one === ENVELOPE_OF_FORMAT[format]),
);

/** A topic that says nothing, for what comes by HTTP or on a topic of the operator's own choosing. */
const SILENT_TOPIC = 'town/all';
const RECEIVED_AT_MS = Date.UTC(2026, 2, 1);

/** Told by the server of itself: the device was not heard. */
const HEARSAY = /down\/(push|failed)$|event\/(txack|log|integration)$/;

function toMessage({ document, mqttTopic }: Row, changes: Partial<RawMessage> = {}): RawMessage {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  const topic = mqttTopic === null || mqttTopic.startsWith('<') ? SILENT_TOPIC : mqttTopic;
  return { topic, payload: Buffer.from(text), receivedAtMs: RECEIVED_AT_MS, ...changes };
}

function envelopeOf({ format }: Row): EnvelopeName {
  const envelope = ENVELOPE_OF_FORMAT[format];
  if (envelope === undefined) throw new Error(`no form is known for ${format}`);
  return envelope;
}

/** The device id that the row's document and topic give, worked out without the code under test. */
function expectedDevice({ document, mqttTopic }: Row): string {
  const text = JSON.stringify(document);
  const eui = /"(?:dev_eui|devEui|EUI|DevEUI|devEUI)":"([0-9a-fA-F]{16})"/.exec(text)?.[1];
  const base64 = /"devEUI":"([A-Za-z0-9+/]{11}=)"/.exec(text)?.[1];
  const [first, second = '', , fourth = ''] = mqttTopic?.split('/') ?? [];
  if (eui !== undefined) return eui.toLowerCase();
  if (base64 !== undefined) return Buffer.from(base64, 'base64').toString('hex');
  if (first === 'tele') return second;
  return /"DEVID":"([^"]+)"/.exec(text)?.[1] ?? fourth;
}

/** The bytes of the sensor as the document writes them, where the row does not repeat them. */
function expectedBytes({ document, expected }: Row): string | undefined {
  if (expected?.bytesHex !== undefined) return expected.bytesHex;
  const text = JSON.stringify(document);
  const base64 = /"(?:data|frm_payload)":"([^"]+=*)"/.exec(text)?.[1];
  const hex = /"(?:data|payload_hex)":"((?:[0-9a-f]{2})+)"/.exec(text)?.[1];
  return hex ?? (base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('hex'));
}

/** What the row's decoder says, in our words. */
function expectedValues({ expected }: Row): Partial<Measurement> {
  const { decoded = {} } = expected ?? {};
  const remaining = decoded['remaining'];
  const position = decoded['position'];
  const values = {
    distanceMm: decoded['distance_median'] ?? decoded['distance'],
    temperatureC: decoded['temperature'],
    batteryPercent: decoded['battery'],
    batteryV: decoded['battery_voltage'],
    tilted: position === undefined ? undefined : position === 'tilt',
    fillPercent: typeof remaining === 'number' ? 100 - remaining : undefined,
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

describe.skipIf(data === undefined)(`recorded documents (SKIPPED without ${FILE})`, () => {
  it('are all here, and each is either read or refused', () => {
    expect(rows.length).toBe(63);
    expect(refused.length).toBe(Object.keys(REFUSED).length);
    expect(withModel.length).toBeGreaterThanOrEqual(37);
  });

  it.each(read)('$id $format $kind on $mqttTopic', (row) => {
    const isReading = row.kind === 'uplink' && row.id !== WITHOUT_PORT;
    const result = readMessage(toMessage(row));
    expect(result).toMatchObject({
      ok: true,
      uplink: {
        envelope: envelopeOf(row),
        kind: isReading ? 'reading' : 'status',
        deviceId: expectedDevice(row),
      },
    });
    if (!result.ok) return;
    const { uplink } = result;
    if (row.expected?.fPort !== undefined) expect(uplink.fPort).toBe(row.expected.fPort);
    if (isReading && uplink.payload !== undefined) {
      expect(Buffer.from(uplink.payload).toString('hex')).toBe(expectedBytes(row));
    }
    // Every identity is the same when the document comes again.
    expect(readMessage(toMessage(row))).toEqual(result);
  });

  it.each(refused)('$id $format is refused by name', (row) => {
    const expected = REFUSED[row.id];
    expect(readMessage(toMessage(row))).toMatchObject({
      ok: false,
      reason: expected?.reason,
      detail: expect.stringContaining(expected?.names ?? ''),
    });
  });

  it.each(read)('$id is read alike when its source says the form', (row) => {
    const source: Source = { name: 'town', envelope: envelopeOf(row) };
    const byDoor = readMessage(toMessage(row, { door: 'source-town' }), [source]);
    expect(byDoor).toEqual(readMessage(toMessage(row)));
  });

  it.each(byWebhook)('$id $format is read alike from a webhook of that name', (row) => {
    const event = row.mqttTopic?.split('/').slice(4).join('/').replace('event/', '');
    const name = envelopeOf(row);
    const topic = event === undefined ? `uplinks/${name}` : `uplinks/${name}/${event}`;
    const result = readMessage(toMessage(row, { topic, door: WEBHOOK_DOOR }));
    const byTopic = readMessage(toMessage(row));
    // A document without its device has it in the topic only, which a webhook does not have.
    if (!result.ok) expect(result.reason).toBe('no-identity');
    else expect(result).toEqual(byTopic);
    expect(result.ok || /down\/(push|replace)$/.test(row.mqttTopic ?? '')).toBe(true);
  });

  it.each(read.filter(({ kind }) => kind !== 'uplink'))(
    '$id is a sign of life only when the device has spoken',
    (row) => {
      const hearsay = HEARSAY.test(row.mqttTopic ?? '') || undefined;
      const byTopic = readMessage(toMessage(row));
      expect(byTopic.ok && byTopic.uplink.isHearsay).toBe(hearsay);
      const byShape = readMessage(toMessage(row, { topic: SILENT_TOPIC }));
      // Without a topic a document that does not name its device is not read at all.
      if (byShape.ok) expect(byShape.uplink.isHearsay).toBe(hearsay);
    },
  );

  it.each(read.filter(({ kind, format }) => kind === 'uplink' && format !== 'tasmota'))(
    '$id is read by its shape too, under a topic that says nothing',
    (row) => {
      const result = readMessage(toMessage(row, { topic: SILENT_TOPIC }));
      expect(result).toEqual(readMessage(toMessage(row)));
    },
  );

  it.each(withModel)('$id gives the values of the $expected.model', (row) => {
    const message = readMessage(toMessage(row));
    if (!message.ok) throw new Error(message.detail);
    const codec = codecForAlias(row.expected?.model ?? '');
    expect(codec).toBeDefined();
    const result = decodeUplink(message.uplink, codec?.model ?? null);
    if (!result.ok) throw new Error(result.detail);
    const { alarms, extras: _extras, ...measured } = result.measurements[0] ?? {};
    expect(measured).toEqual(expectedValues(row));
    expect(alarms?.includes('full') ?? false).toBe(
      row.expected?.decoded?.['distance_alarming'] === true,
    );
    // The rows of a join have no values: a sign of life.
    expect(result.status).toBe(Object.keys(row.expected?.decoded ?? {}).length === 0);
  });

  it.each(read.filter(({ expected }) => expected?.distanceMm !== undefined))(
    '$id $format gives $expected.distanceMm mm',
    (row) => {
      const message = readMessage(toMessage(row));
      if (!message.ok) throw new Error(message.detail);
      const result = decodeUplink(message.uplink, null);
      const { distanceMm, fillPct } = row.expected ?? {};
      expect(result).toMatchObject({
        ok: true,
        measurements: [{ distanceMm, ...(fillPct !== undefined && { fillPercent: fillPct }) }],
      });
    },
  );

  it.each([
    ['u071', { temperatureC: 15 }],
    ['u072', { temperatureC: 15 }],
    ['u068', { temperatureC: 25.5, batteryV: 3.21, extras: { csq: 20 } }],
  ])('%s is a reading once its source says what the names mean', (id, expected) => {
    const row = rows.find((one) => one.id === id);
    if (row === undefined) throw new Error(`there is no row ${id}`);
    const path = id === 'u068' ? 'temperature' : 't';
    const source: Source = {
      name: 'town',
      envelope: envelopeOf(row),
      decoded: { temperatureC: { path } },
    };
    const result = readMessage(toMessage(row, { door: 'source-town' }), [source]);
    expect(result).toMatchObject({ ok: true, uplink: { measurements: [expected] } });
  });
});
