import { describe, expect, it } from 'vitest';
import { decodeUplink } from '../decode-uplink.ts';
import { expectNamedReason, fuzzDocuments } from '../testing/fuzz-document.ts';
import { readAs } from '../testing/read-as.ts';

const TOPIC = 'tele/bin-7/SENSOR';
const SONAR = { Time: '2026-03-01T12:42:35', SR04: { Distance: 16.754 } };
const LASER = { Time: '2026-03-01T12:42:35', VL53L0X: { Distance: 263 } };

const read = (document: unknown, topic = TOPIC) => readAs('tasmota', document, { topic });

describe('telemetry of Tasmota', () => {
  it.each([
    ['SR04', SONAR, 167.54],
    ['VL53L0X', LASER, 263],
    ['VL53L1X', { VL53L1X: { Distance: 620 } }, 620],
  ])('has the distance of the %s in its own unit', (_sensor, document, distanceMm) => {
    expect(read(document)).toMatchObject({
      ok: true,
      uplink: {
        envelope: 'tasmota',
        kind: 'reading',
        deviceId: 'bin-7',
        measurements: [{ distanceMm }],
      },
    });
  });

  it('has no time until its source says on which clock it was read', () => {
    expect(read(SONAR)).toMatchObject({ uplink: { observedAtMs: undefined } });
    const source = { topic: TOPIC, timeZone: 'Europe/Stockholm' };
    expect(readAs('tasmota', SONAR, source)).toMatchObject({
      uplink: { observedAtMs: Date.UTC(2026, 2, 1, 11, 42, 35) },
    });
  });

  it('is one message however often it comes, unless its clock was never set', () => {
    const identity = 'tasmota:bin-7:2026-03-01T12:42:35';
    expect(read(SONAR)).toMatchObject({ uplink: { identity } });
    expect(read({ ...SONAR, Time: '1970-01-01T00:00:35' })).toMatchObject({
      uplink: { identity: undefined },
    });
  });

  it.each([
    ['out of range', { VL53L0X: { Distance: 8191 } }],
    ['nothing', { SR04: { Distance: null } }],
    ['nothing', { SR04: {} }],
  ])('says that the sensor measured %s: %j', (what, document) => {
    const result = read(document);
    expect(result).toMatchObject({
      uplink: { measurements: [{ sensorFault: expect.stringContaining(what) }] },
    });
  });

  it.each(['Online', 'Offline'])('%s as a last will is no sign of life', (word) => {
    expect(read(word, 'tele/bin-7/LWT')).toMatchObject({
      uplink: { kind: 'status', deviceId: 'bin-7', isHearsay: true },
    });
  });

  it('STATE is a sign of life', () => {
    const result = read({ Time: '2026-03-01T12:42:35', Vcc: 3.4 }, 'tele/bin-7/STATE');
    expect(result).toMatchObject({ uplink: { kind: 'status' } });
    expect(result.ok && result.uplink.isHearsay).toBeUndefined();
  });

  it('finds the device on either side of the prefix', () => {
    expect(read(SONAR, 'bin-7/tele/SENSOR')).toMatchObject({ uplink: { deviceId: 'bin-7' } });
    expect(read(SONAR, 'tele/town/bin-7/SENSOR')).toMatchObject({ uplink: { deviceId: 'bin-7' } });
  });

  it('reads other sensors through the mapping of its source', () => {
    const decoded = { distance: { path: 'VL53L0X-2.Distance', unit: 'mm' } } as const;
    const document = { ...SONAR, 'VL53L0X-2': { Distance: 300 } };
    const result = readAs('tasmota', document, { topic: TOPIC, decoded });
    if (!result.ok) throw new Error(result.detail);
    expect(decodeUplink(result.uplink, null)).toMatchObject({
      measurements: [{ distanceMm: 300 }],
    });
  });

  it.each([
    ['no-level', { Time: '2026-03-01T12:42:35', DHT11: { Temperature: 4 } }, TOPIC],
    ['no-mapping', { ...SONAR, ...LASER }, TOPIC],
    ['wrong-type', { SR04: { Distance: '16' } }, TOPIC],
    ['not-json', 'garbage', TOPIC],
    ['unknown-format', 'Perhaps', 'tele/bin-7/LWT'],
    ['unknown-format', SONAR, 'tele/bin-7/RESULT'],
    ['bad-id', SONAR, 'tele/two words/SENSOR'],
  ])('is refused as %s: %j on %s', (reason, document, topic) => {
    expect(read(document, topic)).toMatchObject({ ok: false, reason });
  });

  it('never throws, and never refuses without a name', () => {
    fuzzDocuments((document) => read(document), [{ ...SONAR, ...LASER }]);
    for (const tail of ['', 'LWT', 'SENSOR', 'x/y']) expectNamedReason(read('\0', `tele/${tail}`));
  });
});
