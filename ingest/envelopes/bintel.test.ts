import { describe, expect, it } from 'vitest';
import { readMessage } from '../read-message.ts';
import { fuzzDocuments } from '../testing/fuzz-document.ts';
import { readAs } from '../testing/read-as.ts';

const TOPIC = 'v2/org-1/container/event/c-17';
const DATA = {
  'fill-percent': 0.62,
  'fill-state': 'normal',
  'fill-rate': { rate: 0.02, reliability: 'high' },
  'estimated-full-time': { estimate: '2026-03-02T10:00:00Z', reliability: 'low' },
  'device-offline': false,
  discrepancy: { type: 'none', count: 0 },
  temperature: 4.5,
  'pickup-requested': false,
};

const read = (document: unknown, tail = '') =>
  readAs('bintel-v2', document, { topic: TOPIC + tail });

describe('data of a Bintel container', () => {
  it('has its fill as a ratio, whatever the name says', () => {
    expect(read(DATA)).toMatchObject({
      ok: true,
      uplink: {
        envelope: 'bintel-v2',
        kind: 'reading',
        deviceId: 'c-17',
        measurements: [{ fillPercent: 62, temperatureC: 4.5 }],
      },
    });
    expect(read({ 'fill-percent': 1.05 })).toMatchObject({
      uplink: { measurements: [{ fillPercent: 105 }] },
    });
  });

  it.each([
    ['/fill-percent', 0.62],
    ['/fill-percent', { 'fill-percent': 0.62 }],
    ['/data', { 'fill-percent': 0.62 }],
    ['', { 'fill-percent': 0.62 }],
  ])('may stand under "%s": %j', (tail, document) => {
    expect(read(document, tail)).toMatchObject({ uplink: { measurements: [{ fillPercent: 62 }] } });
  });

  it.each(['full', 'overfull'])('in the state "%s" is an alarm and no level', (state) => {
    const result = read({ 'fill-state': state });
    expect(result).toMatchObject({ uplink: { measurements: [{ alarms: ['full'] }] } });
    expect(JSON.stringify(result)).not.toContain('fillPercent');
  });

  it('tells when the container was emptied as a reading of that time', () => {
    const document = { 'fill-percent': 0.1, 'last-emptied-time': '2026-03-01T08:00:00.000Z' };
    expect(read(document)).toMatchObject({
      uplink: {
        measurements: [
          { observedAtMs: Date.UTC(2026, 2, 1, 8), extras: { emptied: true } },
          { fillPercent: 10 },
        ],
      },
    });
  });

  it('of a silent sensor is no present level', () => {
    expect(read({ 'fill-percent': 0.62, 'device-offline': true })).toMatchObject({
      uplink: { kind: 'status', isHearsay: true, measurements: undefined },
    });
  });

  it.each([{ 'pickup-requested': true }, { discrepancy: { type: 'level', count: 2 } }])(
    'that says nothing of the level is a status: %j',
    (document) => {
      expect(read(document)).toMatchObject({ uplink: { kind: 'status', isHearsay: true } });
    },
  );
});

describe('events of a Bintel container', () => {
  it.each([
    ['full', { alarms: ['full'] }],
    ['emptied', { extras: { emptied: true } }],
    ['lid-open-or-mounting-damaged', { alarms: ['lid-open'] }],
    ['sensor-obstructed', { sensorFault: 'sensor obstructed' }],
  ])('%s says something of the bin', (event, measurement) => {
    expect(read({}, `/${event}`)).toMatchObject({ uplink: { measurements: [measurement] } });
  });

  it.each([
    'device-connected',
    'device-disconnected',
    'pickup-requested',
    'pickup-request-withdrawn',
  ])('%s is the word of the platform', (event) => {
    expect(read({}, `/${event}`)).toMatchObject({ uplink: { kind: 'status', isHearsay: true } });
  });

  it('with a name nobody knows are refused by it', () => {
    expect(read(DATA, '/painted-green')).toMatchObject({
      ok: false,
      reason: 'unknown-format',
      detail: expect.stringContaining('painted-green'),
      deviceId: 'c-17',
    });
  });

  it('are known by their topic where nobody says the form', () => {
    const payload = Buffer.from(JSON.stringify(DATA));
    expect(readMessage({ topic: TOPIC, payload })).toMatchObject({
      uplink: { envelope: 'bintel-v2', deviceId: 'c-17' },
    });
  });
});

describe('messages that are not Bintel’s', () => {
  it.each([
    ['wrong-type', {}],
    ['wrong-type', { 'fill-percent': '0.62' }],
    ['wrong-type', { 'fill-state': 'half' }],
    ['wrong-type', { other: 1 }],
    ['wrong-type', 0.62],
    ['clock', { 'last-emptied-time': 'today' }],
  ])('are refused as %s: %j', (reason, document) => {
    expect(read(document)).toMatchObject({ ok: false, reason, deviceId: 'c-17' });
  });

  it.each([
    ['unknown-format', 'v2/org-1/organisation/event/c-17'],
    ['bad-id', 'v2/org-1/container/event/two words'],
  ])('are refused as %s on %s', (reason, topic) => {
    expect(readAs('bintel-v2', DATA, { topic })).toMatchObject({ ok: false, reason });
  });

  it('are never thrown about, and never refused without a name', () => {
    fuzzDocuments((document) => read(document), [DATA]);
    fuzzDocuments((document) => read(document, '/fill-percent'), [DATA]);
  });
});
