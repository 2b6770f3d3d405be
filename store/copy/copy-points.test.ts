import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { InfluxPoint } from '../influx/influx-point.ts';
import { checksumOf, checksumOfCommon, digestPoint } from './checksum.ts';
import { copyPoints, CopyMismatch } from './copy-points.ts';
import type { CopyProgress } from './copy-points.ts';
import type { PointSource } from './point-source.ts';

const HOUR_MS = 3_600_000;

function point(atMs: number, fill = 1): InfluxPoint {
  const tags = { bin: 'bin-1', device: 'dev-1' };
  return {
    measurement: 'reading',
    tags,
    fields: { fill_percent: fill },
    timestampNs: `${atMs}000007`,
  };
}

/** Points in memory, as source or target; the same point twice is one. */
function createPlace(points: readonly InfluxPoint[] = []) {
  const kept = new Map(points.map((each) => [each.timestampNs, each]));
  const within = (fromMs: number, toMs: number) =>
    [...kept.values()].filter(({ timestampNs }) => {
      const atMs = Number(timestampNs.slice(0, -6));
      return atMs >= fromMs && atMs <= toMs;
    });
  const source: PointSource = {
    async bounds() {
      const times = [...kept.keys()].map((text) => Number(text.slice(0, -6)));
      return times.length === 0
        ? undefined
        : { fromMs: Math.min(...times), toMs: Math.max(...times) };
    },
    count: async ({ fromMs, toMs }) => within(fromMs, toMs).length,
    read: async ({ fromMs, toMs }) => within(fromMs, toMs),
  };
  let writes = 0;
  return {
    ...{ source, kept },
    writes: () => writes,
    async write(some: readonly InfluxPoint[]) {
      writes += 1;
      for (const each of some) kept.set(each.timestampNs, each);
    },
  };
}

test('every point is there at the end, wherever the copy was ended before', async () => {
  const times = fc.uniqueArray(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(times, fc.nat(10), async (hours, endAfter) => {
      const from = createPlace(hours.map((hour) => point(hour * HOUR_MS, hour)));
      const to = createPlace();
      let last: CopyProgress | undefined;
      let spans = 0;
      const run = (most: number) =>
        copyPoints({
          ...{ source: from.source, target: to, back: to.source, resume: last, pointsPerSpan: 5 },
          onSpan(progress) {
            if ((spans += 1) > most) throw new Error('ended');
            last = progress;
          },
        });
      await run(endAfter).catch(() => {});
      spans = 0;
      expect(await run(Infinity)).toBe(hours.length);
      expect(to.kept).toEqual(from.kept);
    }),
    { numRuns: 50 },
  );
});

test('a point that does not read back as it was stops the copy, with both checksums', async () => {
  const from = createPlace([point(HOUR_MS), point(2 * HOUR_MS)]);
  const to = createPlace();
  const target = {
    write: (points: readonly InfluxPoint[]) =>
      to.write(points.map((each) => ({ ...each, fields: { fill_percent: 2 } }))),
  };
  const verified: CopyProgress[] = [];
  const onSpan = (progress: CopyProgress) => void verified.push(progress);
  await expect(
    copyPoints({ source: from.source, target, back: to.source, onSpan }),
  ).rejects.toThrow(CopyMismatch);
  expect(verified).toEqual([]);
});

test('what others have written there is not taken for a mistake', async () => {
  const from = createPlace([point(HOUR_MS)]);
  const to = createPlace([point(HOUR_MS + 1)]);
  const onSpan = () => {};
  const copied = copyPoints({ source: from.source, target: to, back: to.source, onSpan });
  expect(await copied).toBe(1);
});

test('a checksum tells any change of a point, and no change of order', () => {
  const [a, b] = [point(1), point(2)].map(digestPoint);
  if (a === undefined || b === undefined) throw new Error('no points');
  expect(checksumOf([a, b])).toEqual(checksumOf([b, a]));
  expect(checksumOf([a, a])).not.toEqual(checksumOf([a, b]));
  expect(checksumOfCommon([a, a], [a, b])).toEqual(checksumOf([a]));
  const changed = { ...point(1), tags: { bin: 'bin-2', device: 'dev-1' } };
  expect(digestPoint(changed)).not.toBe(a);
});
