import { describe, expect, it } from 'vitest';
import { fuzzDocuments } from '../testing/fuzz-document.ts';
import { ARRIVED_AT_MS, readAs, SILENT_TOPIC } from '../testing/read-as.ts';
import { readMessage } from '../read-message.ts';

const SENML = [
  { bn: 'urn:imei:867723030711443:/3435/0/', n: '2', v: 62 },
  { n: '5', vb: false },
  { n: '13', vb: true },
  { n: '5518', v: 1_772_366_400 },
  { bn: 'urn:imei:867723030711443:/3303/0/', n: '5700', v: 4.5 },
  { bn: 'urn:imei:867723030711443:/3/0/', n: '9', v: 88 },
];
const MEASURED = {
  observedAtMs: 1_772_366_400_000,
  fillPercent: 62,
  temperatureC: 4.5,
  batteryPercent: 88,
  tilted: true,
  alarms: ['tilt'],
};

const onTopic = (document: unknown) =>
  readAs('lwm2m-3435', document, { topics: ['lwm2m/+'], topic: 'lwm2m/bin-7' });

describe('LwM2M object 3435', () => {
  it('is read from SenML names, with what other objects of the client say', () => {
    expect(readAs('lwm2m-3435', SENML)).toMatchObject({
      ok: true,
      uplink: {
        envelope: 'lwm2m-3435',
        kind: 'reading',
        deviceId: '867723030711443',
        observedAtMs: 1_772_366_400_000,
        measurements: [MEASURED],
      },
    });
  });

  it.each([
    ['the JSON of LwM2M 1.0', { bn: '/3435/0/', e: [{ n: '2', v: 62 }] }],
    ['paths as names', { '/3435/0/2': 62 }],
    ['nested paths', { 3435: { 0: { 2: 62 } } }],
    ['the unit that the object has', [{ n: '/3435/0/2', u: '/100', v: 62 }]],
  ])('is read from %s', (_what, document) => {
    expect(onTopic(document)).toMatchObject({
      uplink: { deviceId: 'bin-7', measurements: [{ fillPercent: 62 }] },
    });
  });

  it('is known by its paths where nobody says the form', () => {
    const payload = Buffer.from(JSON.stringify(SENML));
    expect(readMessage({ topic: SILENT_TOPIC, payload })).toMatchObject({
      uplink: { envelope: 'lwm2m-3435' },
    });
  });

  it('has the time of its arrival when it tells none, which identifies nothing', () => {
    expect(onTopic([{ n: '/3435/0/2', v: 62 }])).toMatchObject({
      uplink: { observedAtMs: undefined, measurements: [{ observedAtMs: ARRIVED_AT_MS }] },
    });
  });

  it('is one reading for each time', () => {
    const records = [
      { bn: '/3435/0/', bt: 1_772_366_400, n: '2', t: -600, v: 60 },
      { n: '2', v: 62 },
    ];
    expect(onTopic(records)).toMatchObject({
      uplink: { measurements: [{ fillPercent: 60 }, { fillPercent: 62 }] },
    });
  });

  it.each([1, 2])('is no level when the sensor rejects it itself (6042 = %i)', (quality) => {
    const result = onTopic({ '/3435/0/2': 62, '/3435/0/6042': quality });
    expect(result).toMatchObject({
      uplink: { measurements: [{ sensorFault: expect.stringContaining('rejects') }] },
    });
    expect(JSON.stringify(result)).not.toContain('fillPercent');
  });

  it.each([
    ['wrong-type', { '/3435/0/2': 1, '/3435/1/2': 2 }],
    ['wrong-type', { '/3435/0/2': '62' }],
    ['wrong-type', { '/3435/0/5': 'yes' }],
    ['wrong-type', [{ n: '/3435/0/2', u: '/', v: 0.62 }]],
    ['wrong-type', { '/3435/0/2': 62, '/3435/0/5518': 1e300 }],
    ['no-level', { '/3435/0/1': 120 }],
    ['wrong-type', 'text'],
  ])('is refused as %s: %j', (reason, document) => {
    expect(
      onTopic(typeof document === 'string' ? JSON.stringify(document) : document),
    ).toMatchObject({ ok: false, reason, deviceId: 'bin-7' });
  });

  it('never throws, and never refuses without a name', () => {
    fuzzDocuments(onTopic, [SENML, { '/3435/0/2': 62 }, { bn: '/3435/0/', e: [{ n: '2', v: 1 }] }]);
  });
});
