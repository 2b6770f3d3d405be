import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { codecForAlias } from './codecs/registry.ts';
import { decodeUplink } from './decode-uplink.ts';
import { readMessage } from './read-message.ts';
import { readTestData } from './testing/test-data.ts';

const FILE = 'uplinks.json';

const Row = z.object({
  id: z.string(),
  format: z.string(),
  kind: z.string(),
  mqttTopic: z.string(),
  document: z.record(z.string(), z.unknown()),
  expected: z
    .object({
      model: z.string(),
      bytesHex: z.string(),
      fPort: z.int(),
      decoded: z.looseObject({
        battery: z.number().optional(),
        temperature: z.number().optional(),
        distance: z.number().optional(),
        position: z.string().optional(),
      }),
    })
    .nullable(),
});
type Row = z.output<typeof Row>;

const Head = z.looseObject({ format: z.string() });
const FORMATS = ['tts-v3', 'chirpstack-v4'];

/** Its document is only `{"test":"value"}`, which no network server sends. */
const PLACEHOLDER = 'u054';
/** Shows no `f_port`, which means port 0: nothing that a sensor sent. */
const WITHOUT_PORT = 'u047';

const data = readTestData(FILE);
const rows = z
  .array(Head)
  .parse(data ?? [])
  .filter(({ format }) => FORMATS.includes(format))
  .map((row) => Row.parse(row))
  .filter(({ id }) => id !== PLACEHOLDER);
const uplinks = rows.filter(({ kind }) => kind === 'uplink');
const statuses = rows.filter(({ kind }) => kind !== 'uplink');
const withValues = rows.flatMap((row) => {
  const codec = codecForAlias(row.expected?.model.split('/')[1] ?? '');
  return codec === undefined || row.expected === null ? [] : [{ ...row, ...row.expected, codec }];
});

/** Told by the server of itself: the device was not heard. */
const HEARSAY = /down\/(push|failed)$|event\/(txack|log|integration)$/;

function read(row: Row) {
  const payload = new TextEncoder().encode(JSON.stringify(row.document));
  return readMessage({ topic: row.mqttTopic, payload });
}

/** The device id that the row's document and topic give, worked out without the code under test. */
function expectedDevice({ document, mqttTopic }: Row): string {
  const text = JSON.stringify(document);
  const eui = /"(?:dev_eui|devEui)":"([0-9a-fA-F]{16})"/.exec(text)?.[1];
  return eui?.toLowerCase() ?? mqttTopic.split('/')[3] ?? '';
}

describe.skipIf(data === undefined)(`recorded documents (SKIPPED without ${FILE})`, () => {
  it('hold all kinds of both network servers', () => {
    expect(rows.length).toBeGreaterThanOrEqual(45);
    expect(withValues.length).toBeGreaterThanOrEqual(12);
  });

  it.each(rows)('$id $format $kind on $mqttTopic', (row) => {
    const isReading = row.kind === 'uplink' && row.id !== WITHOUT_PORT;
    const result = read(row);
    expect(result).toMatchObject({
      ok: true,
      uplink: { kind: isReading ? 'reading' : 'status', deviceId: expectedDevice(row) },
    });
    if (!result.ok) return;
    expect(result.uplink.identity).toEqual(expect.any(String));
    if (row.expected !== null) {
      expect(result.uplink.fPort).toBe(row.expected.fPort);
      expect(Buffer.from(result.uplink.payload ?? []).toString('hex')).toBe(row.expected.bytesHex);
    }
    // Every identity is the same when the document comes again.
    expect(read(row)).toEqual(result);
  });

  it.each(statuses)('$id is a sign of life only when the device has spoken', (row) => {
    const hearsay = HEARSAY.test(row.mqttTopic) || undefined;
    const byTopic = read(row);
    expect(byTopic.ok && byTopic.uplink.isHearsay).toBe(hearsay);
    const byShape = read({ ...row, mqttTopic: 'lora/all' });
    // Without a topic a document that does not name its device is not read at all.
    if (byShape.ok) expect(byShape.uplink.isHearsay).toBe(hearsay);
  });

  it.each(uplinks)('$id is read by its shape too, under a topic that says nothing', (row) => {
    expect(read({ ...row, mqttTopic: 'lora/all' })).toEqual(read(row));
  });

  it.each(withValues)('$id gives the values of the $model', (row) => {
    const message = read(row);
    if (!message.ok) throw new Error(message.detail);
    const { battery, temperature, distance, position } = row.decoded;
    const values = {
      batteryPercent: battery,
      temperatureC: temperature,
      distanceMm: distance,
      tilted: position === undefined ? undefined : position === 'tilt',
    };
    const result = decodeUplink(message.uplink, row.codec.model);
    if (!result.ok) throw new Error(result.detail);
    const { alarms: _alarms, ...measured } = result.measurements[0] ?? {};
    expect(measured).toEqual(
      Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)),
    );
  });
});
