import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBinId } from '../../domain/ids.ts';
import type { InfluxPoint } from './influx-point.ts';
import { encodePoints } from './line-protocol.ts';
import { parseLines } from './testing/parse-lines.ts';

const POINT: InfluxPoint = {
  measurement: 'reading',
  tags: { bin: 'bin-1', device: 'dev-1' },
  fields: { fill_percent: 40 },
  timestampNs: '1795521600000000001',
};

/** Any text, and ids with something amiss somewhere. */
const anyId = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 70 }),
  fc.string({ unit: fc.constantFrom('a', 'Z', '0', '.', '_', '-'), maxLength: 70 }),
  fc
    .tuple(
      fc.stringMatching(/^[a-z0-9]{0,8}$/),
      fc.constantFrom('\n', '\\', ',', '=', ' ', '"', '\0', '\r', 'é', '#'),
      fc.stringMatching(/^[a-z]{0,8}$/),
    )
    .map((parts) => parts.join('')),
);
const anyFields = fc.dictionary(
  fc.stringMatching(/^[a-z][a-z0-9_]{0,15}$/),
  fc.oneof(fc.double(), fc.integer(), fc.constantFrom(NaN, Infinity, -Infinity, -0, 1e21, 1e-7)),
  { minKeys: 1, maxKeys: 6 },
);

describe('line protocol', () => {
  it('says exactly one point, the same that went in, or is refused', () => {
    let said = 0;
    fc.assert(
      fc.property(
        anyId,
        anyId,
        anyFields,
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }),
        (bin, device, fields, ns) => {
          const point = { ...POINT, tags: { bin, device }, fields, timestampNs: `${ns}` };
          const isFit =
            [bin, device].every((id) => parseBinId(id) !== undefined) &&
            Object.values(fields).every(Number.isFinite) &&
            ns < 2n ** 63n - 1n &&
            ns > -(2n ** 63n) + 1n;
          if (!isFit) {
            expect(() => encodePoints([point])).toThrow('cannot be written');
            return;
          }
          said += 1;
          const numbers = Object.entries(fields).map(([key, value]) => [key, value + 0]);
          expect(parseLines(encodePoints([point]))).toEqual([
            {
              measurement: 'reading',
              tags: { bin, device },
              fields: Object.fromEntries(numbers),
              timestampNs: `${ns}`,
            },
          ]);
        },
      ),
      { numRuns: 20_000 },
    );
    // Otherwise nothing would have been said at all.
    expect(said).toBeGreaterThan(100);
  });

  it('refuses every point of a request for one that cannot be written', () => {
    const injected = { ...POINT, tags: { bin: 'b value=1\nadmin,x', device: 'y' } };
    expect(() => encodePoints([POINT, injected])).toThrow('is no id');
    expect(() => encodePoints([{ ...POINT, tags: { bin: 'b\\', device: 'y' } }])).toThrow(
      'is no id',
    );
    expect(() => encodePoints([{ ...POINT, measurement: 'a b' }])).toThrow('is no name');
    expect(() => encodePoints([{ ...POINT, fields: {} }])).toThrow('no fields');
    expect(() => encodePoints([{ ...POINT, timestampNs: '1 2' }])).toThrow('is no time');
  });

  it('writes many points in one line each', () => {
    expect(encodePoints([POINT, { ...POINT, timestampNs: '2' }])).toBe(
      'reading,bin=bin-1,device=dev-1 fill_percent=40 1795521600000000001\nreading,bin=bin-1,device=dev-1 fill_percent=40 2',
    );
  });
});
