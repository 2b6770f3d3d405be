import { describe, expect, it } from 'vitest';
import { fuzzDocuments } from '../testing/fuzz-document.ts';
import { readAs } from '../testing/read-as.ts';

const MESSAGE = {
  IMEI: '333444555000001',
  IMSI: '345678900000001',
  Model: 'DDS75-CB',
  distance: 1752,
  battery: 3.21,
  signal: 20,
  time: '2026-03-01T09:35:21Z',
  DS18B20_Temp: 25.6,
  1: [1750, '2026-03-01T09:17:50Z'],
  2: [1740, '2026-03-01T09:02:50Z'],
};

const read = (change: object = {}, source: Parameters<typeof readAs>[2] = {}) =>
  readAs('dragino-nb-json', { ...MESSAGE, ...change }, source);

describe('JSON of a Dragino NB-IoT sensor', () => {
  it('has its level, and late measurements in its history, oldest first', () => {
    expect(read()).toMatchObject({
      ok: true,
      uplink: {
        envelope: 'dragino-nb-json',
        kind: 'reading',
        deviceId: '333444555000001',
        observedAtMs: Date.UTC(2026, 2, 1, 9, 35, 21),
        measurements: [
          { observedAtMs: Date.UTC(2026, 2, 1, 9, 2, 50), distanceMm: 1740 },
          { observedAtMs: Date.UTC(2026, 2, 1, 9, 17, 50), distanceMm: 1750 },
          {
            observedAtMs: Date.UTC(2026, 2, 1, 9, 35, 21),
            distanceMm: 1752,
            batteryV: 3.21,
            temperatureC: 25.6,
            extras: { csq: 20 },
          },
        ],
      },
    });
  });

  it.each([327.6, -409.5, 0, null])('has no temperature at %d', (DS18B20_Temp) => {
    const result = read({ DS18B20_Temp });
    expect(result.ok).toBe(true);
    expect(JSON.stringify(result)).not.toContain('temperatureC');
  });

  it('has no time when it is written without a zone, unless its source says which', () => {
    const time = '2026/03/01 09:35:21';
    expect(read({ time })).toMatchObject({ uplink: { observedAtMs: undefined } });
    expect(read({ time }, { timeZone: 'Europe/Stockholm' })).toMatchObject({
      uplink: { observedAtMs: Date.UTC(2026, 2, 1, 8, 35, 21) },
    });
  });

  it('passes over history that cannot be placed in time or told apart', () => {
    const result = read({
      1: [1750, '2000-01-01T00:17:50Z'],
      2: [1740, 5, '2026-03-01T09:02:50Z'],
      3: 'nothing',
    });
    expect(result).toMatchObject({ uplink: { measurements: { length: 1 } } });
  });

  it.each([
    ['DDS75-CB', 0, 'no distance probe'],
    ['DDS75-NB', 65_535, 'no echo'],
    ['MDS120-CB', 16_383, 'invalid reading'],
  ])('of a %s at %i says "%s" instead of a level', (Model, distance, sensorFault) => {
    const history = { 1: [distance, '2026-03-01T09:17:50Z'], 2: undefined };
    expect(read({ Model, distance, ...history })).toMatchObject({
      uplink: { measurements: [{ sensorFault }, { sensorFault }] },
    });
  });

  it('is read as the mapping of its source says', () => {
    const decoded = { distance: { path: 'dist', unit: 'cm' } } as const;
    const change = { Model: 'LDS12-CB', dist: 62, 1: [61, '2026-03-01T09:17:50Z'], 2: null };
    expect(read(change, { decoded })).toMatchObject({
      uplink: { measurements: [{ distanceMm: 610 }, { distanceMm: 620, batteryV: 3.21 }] },
    });
  });

  it.each([
    ['no-level', { distance: undefined }],
    ['no-mapping', { Model: 'LDS12-CB' }],
    ['bad-id', { IMEI: 'a b' }],
    ['wrong-type', { IMEI: 333 }],
    ['wrong-type', { distance: '1752' }],
  ])('is refused as %s: %j', (reason, change) => {
    expect(read(change)).toMatchObject({ ok: false, reason });
  });

  it('names the path that its mapping does not find', () => {
    const decoded = { distance: { path: 'a.b', unit: 'mm' } } as const;
    expect(read({}, { decoded })).toMatchObject({
      reason: 'wrong-type',
      detail: expect.stringContaining('a.b'),
    });
  });

  it('never throws, and never refuses without a name', () => {
    fuzzDocuments((document) => readAs('dragino-nb-json', document), [MESSAGE]);
  });
});
