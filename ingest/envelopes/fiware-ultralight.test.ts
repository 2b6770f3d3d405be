import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMessage } from '../read-message.ts';
import { expectNamedReason } from '../testing/fuzz-document.ts';
import { readAs } from '../testing/read-as.ts';

const TOPIC = '/ul/key/bin-7/attrs';
const decoded = {
  distance: { path: 'd', unit: 'cm' },
  fill: { path: 'f', scale: 'ratio' },
  temperatureC: { path: 't' },
} as const;

const read = (text: string, topic = TOPIC) => readAs('fiware-ultralight', text, { topic, decoded });

describe('UltraLight of a FIWARE IoT Agent', () => {
  it('is read as the mapping of its source says', () => {
    expect(read('t|15|d|62|k|abc')).toMatchObject({
      ok: true,
      uplink: {
        envelope: 'fiware-ultralight',
        kind: 'reading',
        deviceId: 'bin-7',
        observedAtMs: undefined,
        measurements: [{ temperatureC: 15, distanceMm: 620 }],
      },
    });
  });

  it('has several groups, each with its time before it', () => {
    const text = '2026-03-01T10:00:00Z|f|0.5#2026-03-01T11:00:00Z|f|0.62|t|-4.5';
    expect(read(text)).toMatchObject({
      uplink: {
        observedAtMs: Date.UTC(2026, 2, 1, 11),
        measurements: [
          { observedAtMs: Date.UTC(2026, 2, 1, 10), fillPercent: 50 },
          { observedAtMs: Date.UTC(2026, 2, 1, 11), fillPercent: 62, temperatureC: -4.5 },
        ],
      },
    });
  });

  it('claims no time of its own when a group has none', () => {
    expect(read('2026-03-01T10:00:00Z|f|0.5#f|0.62')).toMatchObject({
      uplink: { observedAtMs: undefined, measurements: [{}, { fillPercent: 62 }] },
    });
  });

  it.each([TOPIC, 'ul/key/bin-7/attrs', '/key/bin-7/attrs'])('comes on %s', (topic) => {
    expect(read('t|15', topic)).toMatchObject({ uplink: { deviceId: 'bin-7' } });
  });

  it('is one attribute when the topic names it', () => {
    expect(read(' 62\n', `${TOPIC}/d`)).toMatchObject({
      uplink: { measurements: [{ distanceMm: 620 }] },
    });
  });

  it('is known by its topic where nobody says the form, but not what it means', () => {
    expect(readMessage({ topic: TOPIC, payload: Buffer.from('t|15') })).toMatchObject({
      ok: false,
      reason: 'no-mapping',
      deviceId: 'bin-7',
    });
  });

  it('takes a command and its answer for what they are', () => {
    expect(read('bin-7@ping|', '/key/bin-7/cmd')).toMatchObject({
      uplink: { kind: 'status', isHearsay: true },
    });
    const answer = read('bin-7@ping|ok', '/ul/key/bin-7/cmdexe');
    expect(answer).toMatchObject({ uplink: { kind: 'status' } });
    expect(answer.ok && answer.uplink.isHearsay).toBeUndefined();
  });

  it.each([
    ['wrong-type', 't', TOPIC],
    ['wrong-type', '', TOPIC],
    ['wrong-type', 't|15|', TOPIC],
    ['wrong-type', '|15', TOPIC],
    ['wrong-type', 't|15|t|16', TOPIC],
    ['wrong-type', 't|warm', TOPIC],
    ['wrong-type', 'x|1', TOPIC],
    ['wrong-type', 't|15#', TOPIC],
    ['bad-id', 't|15', '/ul/key/two words/attrs'],
    ['unknown-format', 't|15', '/ul/key/bin-7/other'],
  ])('is refused as %s: "%s" on %s', (reason, text, topic) => {
    expect(read(text, topic)).toMatchObject({ ok: false, reason });
  });

  it('never throws, and never refuses without a name', () => {
    const part = fc.oneof(
      fc.constantFrom('|', '#', 't', '15', '2026-03-01T10:00:00Z'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 9 }), (parts) =>
        expectNamedReason(read(parts.join(''))),
      ),
    );
  });
});
