import { describe, expect, it } from 'vitest';
import { parseDeviceId } from '../../domain/ids.ts';
import { readOwnJson } from './own-json.ts';

const deviceId = parseDeviceId('sensor-7');
if (deviceId === undefined) throw new Error('sensor-7 is a device id');

const read = (document: unknown) => readOwnJson(document, deviceId);

describe("Tunna's own JSON", () => {
  it('is read whole', () => {
    const document = {
      observedAt: '2026-03-01T12:00:00Z',
      seq: 12,
      boot: 3,
      fillPercent: 61.5,
      distanceMm: 480,
      temperatureC: -4.5,
      batteryPercent: 88,
      batteryV: 3.61,
      tilted: false,
      alarms: ['fire'],
    };
    expect(read(document)).toEqual({
      ok: true,
      uplink: {
        envelope: 'tunna-json',
        kind: 'reading',
        deviceId: 'sensor-7',
        identity: 'dev:sensor-7:3:12',
        observedAtMs: Date.UTC(2026, 2, 1, 12),
        fPort: undefined,
        payload: undefined,
        modelHint: undefined,
        measurements: [
          {
            fillPercent: 61.5,
            distanceMm: 480,
            temperatureC: -4.5,
            batteryPercent: 88,
            batteryV: 3.61,
            tilted: false,
            alarms: ['fire'],
          },
        ],
      },
    });
  });

  it('needs nothing but a level', () => {
    expect(read({ distanceMm: 0 })).toMatchObject({
      uplink: { identity: undefined, observedAtMs: undefined, measurements: [{ distanceMm: 0 }] },
    });
  });

  it.each([
    [{ seq: 1 }, undefined],
    [{ boot: 'a7' }, undefined],
    [{ boot: 'a7', seq: 0 }, 'dev:sensor-7:a7:0'],
  ])('takes an identity from %j only with boot and seq', (counters, identity) => {
    expect(read({ fillPercent: 5, ...counters })).toMatchObject({ ok: true, uplink: { identity } });
  });

  it.each([
    [Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1)],
    [0, 0],
    [8.64e15, 8.64e15],
    ['1970-01-01T00:00:00Z', 0],
  ])('leaves the time %s to be judged', (observedAt, observedAtMs) => {
    expect(read({ fillPercent: 5, observedAt })).toMatchObject({ uplink: { observedAtMs } });
  });

  it.each([
    ['no-level', 'fillPercent or distanceMm', {}],
    ['no-level', 'fillPercent or distanceMm', { temperatureC: 20, batteryV: 3.6 }],
    ['wrong-type', 'filPercent', { filPercent: 5 }],
    ['wrong-type', 'extra', { fillPercent: 5, extra: 1 }],
    ['wrong-type', '__proto__', JSON.parse('{"fillPercent":5,"__proto__":{"seq":1}}')],
    ['wrong-type', 'fillPercent', { fillPercent: '5' }],
    ['wrong-type', 'fillPercent', { fillPercent: null }],
    ['wrong-type', 'fillPercent', { fillPercent: Infinity }],
    ['wrong-type', 'distanceMm', { distanceMm: [480] }],
    ['wrong-type', 'seq', { fillPercent: 5, seq: 1.5 }],
    ['wrong-type', 'seq', { fillPercent: 5, seq: -1 }],
    ['wrong-type', 'seq', { fillPercent: 5, seq: '1' }],
    ['wrong-type', 'seq', { fillPercent: 5, seq: 1e300 }],
    ['wrong-type', 'boot', { fillPercent: 5, boot: 1.5 }],
    ['wrong-type', 'boot', { fillPercent: 5, boot: 'a\u0000b' }],
    ['wrong-type', 'tilted', { fillPercent: 5, tilted: 1 }],
    ['wrong-type', 'alarms', { fillPercent: 5, alarms: 'fire' }],
    ['wrong-type', 'alarms.0', { fillPercent: 5, alarms: ['smoke'] }],
    ['wrong-type', 'observedAt', { fillPercent: 5, observedAt: 1.5 }],
    ['wrong-type', 'observedAt', { fillPercent: 5, observedAt: true }],
    ['wrong-type', 'array', [{ fillPercent: 5 }]],
    ['wrong-type', 'null', null],
    ['wrong-type', 'number', 5],
    ['clock', 'observedAt', { fillPercent: 5, observedAt: 8.64e15 + 1 }],
    ['clock', 'observedAt', { fillPercent: 5, observedAt: 1e300 }],
    ['clock', 'observedAt', { fillPercent: 5, observedAt: 'yesterday' }],
    ['clock', 'observedAt', { fillPercent: 5, observedAt: '2026-02-30T00:00:00Z' }],
    ['device-mismatch', 'sensor-8', { deviceId: 'sensor-8', fillPercent: 5 }],
  ])('is refused as %s naming %s: %j', (reason, named, document) => {
    expect(read(document)).toEqual({
      ok: false,
      reason,
      detail: expect.stringContaining(named),
      deviceId: 'sensor-7',
    });
  });

  it('may repeat its device id', () => {
    expect(read({ deviceId: 'sensor-7', fillPercent: 5 })).toMatchObject({ ok: true });
  });

  it('keeps a detail short and printable', () => {
    const result = read({ [`\u0000${'x'.repeat(5000)}`]: 1, fillPercent: 5 });
    if (result.ok) throw new Error('the key is unknown');
    expect(result.detail.length).toBeLessThanOrEqual(200);
    expect(result.detail).not.toContain('\u0000');
  });
});
