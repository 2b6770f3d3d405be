import { describe, expect, it } from 'vitest';
import { readMessage } from '../read-message.ts';
import { fuzzDocuments } from '../testing/fuzz-document.ts';
import { readAs } from '../testing/read-as.ts';

const TOPIC = '/json/key/bin-7/attrs';
const decoded = {
  fill: { path: 'fillingLevel', scale: 'ratio' },
  temperatureC: { path: 't' },
} as const;
const read = (document: unknown, topic = TOPIC) =>
  readAs('fiware-json', document, { topic, decoded });

describe('JSON of a FIWARE IoT Agent', () => {
  it('is read as the mapping of its source says', () => {
    const document = { fillingLevel: 0.62, t: 4, TimeInstant: '2026-03-01T10:00:00.000Z' };
    expect(read(document)).toMatchObject({
      ok: true,
      uplink: {
        envelope: 'fiware-json',
        kind: 'reading',
        deviceId: 'bin-7',
        observedAtMs: Date.UTC(2026, 2, 1, 10),
        measurements: [
          { observedAtMs: Date.UTC(2026, 2, 1, 10), fillPercent: 62, temperatureC: 4 },
        ],
      },
    });
  });

  it('may be a list of what was measured at several times', () => {
    const documents = [
      { fillingLevel: 0.5, TimeInstant: '2026-03-01T10:00:00Z' },
      { fillingLevel: 0.6, TimeInstant: '2026-03-01T11:00:00Z' },
    ];
    expect(read(documents)).toMatchObject({
      uplink: { measurements: [{ fillPercent: 50 }, { fillPercent: 60 }] },
    });
  });

  it('is one attribute when the topic names it', () => {
    expect(read(0.62, `${TOPIC}/fillingLevel`)).toMatchObject({
      uplink: { measurements: [{ fillPercent: 62 }] },
    });
  });

  it('is refused without a mapping, by the names that it has', () => {
    const payload = Buffer.from('{"h":70,"t":15}');
    expect(readMessage({ topic: TOPIC, payload })).toMatchObject({
      reason: 'no-mapping',
      detail: expect.stringContaining('h, t'),
      deviceId: 'bin-7',
    });
  });

  it.each([
    ['wrong-type', { t: 'warm' }],
    ['wrong-type', { other: 1 }],
    ['wrong-type', []],
    ['wrong-type', 'text'],
    ['clock', { t: 1, TimeInstant: 'noon' }],
  ])('is refused as %s: %j', (reason, document) => {
    const json = typeof document === 'string' ? JSON.stringify(document) : document;
    expect(read(json)).toMatchObject({ ok: false, reason, deviceId: 'bin-7' });
  });

  it('never throws, and never refuses without a name', () => {
    fuzzDocuments((document) => read(document), [{ fillingLevel: 1, TimeInstant: 'x' }]);
    fuzzDocuments((document) => read(document, `${TOPIC}/__proto__`), []);
  });
});
