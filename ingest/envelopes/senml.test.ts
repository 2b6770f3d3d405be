import { describe, expect, it } from 'vitest';
import type { Source } from '../sources/source.ts';
import { fuzzDocuments } from '../testing/fuzz-document.ts';
import { ARRIVED_AT_MS, readAs } from '../testing/read-as.ts';

const BASE = 'urn:dev:mac:0024befffe804ff1:';
const PACK = [
  { bn: BASE, bt: 1_772_366_400, n: 'distance', u: 'm', v: 0.62 },
  { n: 'battery', u: '%EL', v: 92 },
  { n: 'temperature', u: 'Cel', v: 4.5 },
];

const fill = (record: object, source: Partial<Source> = {}) =>
  readAs('senml', [{ bn: 'bin-7/', n: 'fill', ...record }], source);

describe('a SenML pack', () => {
  it('is one reading of the device in its base name', () => {
    expect(readAs('senml', PACK)).toEqual({
      ok: true,
      uplink: {
        envelope: 'senml',
        kind: 'reading',
        deviceId: '0024befffe804ff1',
        identity: undefined,
        observedAtMs: 1_772_366_400_000,
        fPort: undefined,
        payload: undefined,
        modelHint: undefined,
        measurements: [
          {
            observedAtMs: 1_772_366_400_000,
            distanceMm: 620,
            batteryPercent: 92,
            temperatureC: 4.5,
          },
        ],
      },
    });
  });

  it('is one reading for each time in it, oldest first, whatever the order of its records', () => {
    const records = [
      { bn: BASE, bt: 1_772_366_400, bu: 'mm', n: 'distance', t: 60, v: 700 },
      { n: 'distance', t: -60, v: 500 },
      { n: 'distance', v: 600 },
      { n: 'temperature', u: 'Cel', t: -60, v: 3 },
    ];
    expect(readAs('senml', records)).toMatchObject({
      uplink: {
        observedAtMs: 1_772_366_460_000,
        measurements: [
          { observedAtMs: 1_772_366_340_000, distanceMm: 500, temperatureC: 3 },
          { observedAtMs: 1_772_366_400_000, distanceMm: 600 },
          { observedAtMs: 1_772_366_460_000, distanceMm: 700 },
        ],
      },
    });
  });

  it('with times below 2^28 counts from its arrival, which identifies nothing', () => {
    const records = [
      { bn: BASE, bu: 'm', n: 'distance', t: -900, v: 0.5 },
      { n: 'distance', v: 0.6 },
    ];
    expect(readAs('senml', records)).toMatchObject({
      uplink: {
        observedAtMs: undefined,
        measurements: [
          { observedAtMs: ARRIVED_AT_MS - 900_000, distanceMm: 500 },
          { observedAtMs: ARRIVED_AT_MS, distanceMm: 600 },
        ],
      },
    });
    const absolute = [{ bn: BASE, bt: 2 ** 28, n: 'distance', u: 'm', v: 0.5 }];
    expect(readAs('senml', absolute)).toMatchObject({
      uplink: { observedAtMs: 2 ** 28 * 1000 },
    });
  });

  it('adds the base value, and keeps bases until they are told anew', () => {
    const records = [
      { bn: 'bin-7/', bu: 'mm', bv: 1000 },
      { n: 'distance', v: -380 },
      { n: 'temperature', u: 'Cel', bv: 0, v: 5 },
    ];
    expect(readAs('senml', records)).toMatchObject({
      uplink: { deviceId: 'bin-7', measurements: [{ distanceMm: 620, temperatureC: 5 }] },
    });
  });

  it.each([
    ['m', 0.62],
    ['cm', 62],
    ['mm', 620],
  ])('reads a distance in %s', (u, v) => {
    expect(readAs('senml', [{ bn: 'bin-7/', n: 'distance', u, v }])).toMatchObject({
      uplink: { measurements: [{ distanceMm: 620 }] },
    });
  });

  it.each([
    ['a ratio', { u: '/', v: 0.57 }, {}, 57],
    ['a percentage', { u: '/100', v: 57 }, {}, 57],
    // RFC 8428, 12.1, in a note: "%" is an old name of "/", and no percentage.
    ['a ratio by its old name', { u: '%', v: 0.57 }, {}, 57],
    ['what its source says "%" is', { u: '%', v: 57 }, { percentScale: 'percent' } as const, 57],
    ['the room left', { u: '/', v: 0.43 }, { percentScale: 'remaining-ratio' } as const, 57],
    ['the room left', { u: '/100', v: 43 }, { percentScale: 'remaining-ratio' } as const, 57],
    ['no unit, as its source says', { v: 0.57 }, { percentScale: 'ratio' } as const, 57],
    ['no unit, as its source says', { v: 43 }, { percentScale: 'remaining-percent' } as const, 57],
  ])('reads a fill in %s: %j %j', (_what, record, source, fillPercent) => {
    expect(fill(record, source)).toMatchObject({ uplink: { measurements: [{ fillPercent }] } });
  });

  it('never guesses what a fill without a unit means', () => {
    expect(fill({ v: 0.9 })).toMatchObject({ ok: false, reason: 'no-scale', deviceId: 'bin-7' });
    expect(fill({ v: 90 })).toMatchObject({ ok: false, reason: 'no-scale' });
  });

  it('takes a percentage in "%" at its word, which no bin can hold', () => {
    expect(fill({ u: '%', v: 57 })).toMatchObject({
      uplink: { measurements: [{ fillPercent: 5700 }] },
    });
  });

  it('knows quantities by the names that its source maps', () => {
    const decoded = { distance: { path: 'ullage', unit: 'cm' } } as const;
    const records = [{ bn: 'bin-7/', n: 'ullage', v: 62 }];
    expect(readAs('senml', records, { decoded })).toMatchObject({
      uplink: { measurements: [{ distanceMm: 620 }] },
    });
  });

  it('takes the device from the topic when its names have none', () => {
    const records = [{ n: 'distance', u: 'm', v: 0.62 }];
    const source = { topics: ['senml/+/data'], topic: 'senml/bin-7/data' };
    expect(readAs('senml', records, source)).toMatchObject({ uplink: { deviceId: 'bin-7' } });
    expect(readAs('senml', records)).toMatchObject({ ok: false, reason: 'no-identity' });
  });

  it.each([
    ['device-mismatch', [PACK[0], { bn: 'other/', n: 'distance', u: 'm', v: 1 }]],
    ['bad-id', [{ bn: 'a b/', n: 'distance', u: 'm', v: 1 }]],
    ['clock', [{ bn: 'a/', bt: 1e300, n: 'distance', u: 'm', v: 1 }]],
    ['no-level', [{ bn: 'a/', n: 'humidity', u: '%RH', v: 1 }]],
    ['no-level', [{ bn: 'a/' }]],
    ['wrong-type', [{ bn: 'a/', n: 'distance', v: 1 }]],
    ['wrong-type', [{ bn: 'a/', n: 'distance', u: 'ft', v: 1 }]],
    ['wrong-type', [{ bn: 'a/', n: 'distance', u: 'm', vs: '1' }]],
    ['wrong-type', [{ bn: 'a/', n: 'distance', u: 'm', v: '1' }]],
    ['wrong-type', [{ bn: 'a/', n: 'temperature', u: '%EL', v: 1 }]],
    ['wrong-type', [{ bn: 'a/', bver: 11, n: 'distance', u: 'm', v: 1 }]],
    ['wrong-type', [{ bn: 'a/', must_: 1, n: 'distance', u: 'm', v: 1 }]],
    [
      'wrong-type',
      [
        { bn: 'a/', n: 'distance', u: 'm', v: 1 },
        { n: 'dist', u: 'm', v: 2 },
      ],
    ],
    ['wrong-type', { bn: 'a/', n: 'distance', u: 'm', v: 1 }],
    ['wrong-type', []],
  ])('is refused as %s: %j', (reason, document) => {
    expect(readAs('senml', document)).toMatchObject({ ok: false, reason });
  });

  it('never throws, and never refuses without a name', () => {
    const more = [{ bn: 'bin-7_', bver: 5, bs: 1, s: 2, ut: 3, n: 'tilt', vb: true, t: 1 }];
    fuzzDocuments((document) => readAs('senml', document), [PACK, more]);
  });
});
