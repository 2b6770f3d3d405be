import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { LOWEST_LEVEL_QUALITY, QUALITIES, qualityCode } from '../../domain/quality.ts';
import type { SeriesBucket } from '../../store/history/levels.ts';
import type { SeedReading } from '../../store/views/testing/seed-town.ts';
import { needs } from '../servers/needs.ts';
import { stopDialects } from './dialects.ts';
import { ENGINES, openEngine } from './history-engines.ts';
import type { Engine, OpenedEngine } from './history-engines.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const NOW_MS = Date.UTC(2026, 2, 1, 12);
const AT = { deviceId: 'dev-1', binId: 'bin-1' };
const ALL = { binId: 'bin-1', fromMs: 0, toMs: NOW_MS + DAY_MS };

afterAll(stopDialects);

const NEEDED = {
  sqlite: describe,
  postgres: needs('postgresql-15'),
  influx1: needs('influxdb'),
  influx2: needs('influxdb'),
} as const satisfies Record<Engine, unknown>;

for (const engine of ENGINES) {
  NEEDED[engine](`the history of levels in ${engine}`, () => describeEngine(engine));
}

function describeEngine(engine: Engine): void {
  test('gives readings by themselves, the newest first, without those nobody can believe', async () => {
    await using town = await openEngine(engine);
    await town.put([
      { ...AT, atMs: NOW_MS, fillPercent: 40, quality: 'suspicious' },
      { ...AT, atMs: NOW_MS - DAY_MS, fillPercent: 20.25 },
      { ...AT, atMs: NOW_MS - HOUR_MS, fillPercent: null },
      { ...AT, atMs: NOW_MS - 2 * HOUR_MS, fillPercent: 99, quality: 'probably-invalid' },
      { ...AT, deviceId: 'dev-2', binId: 'bin-2', atMs: NOW_MS - 3 * HOUR_MS, fillPercent: 8 },
    ]);
    const span = { ...ALL, fromMs: NOW_MS - DAY_MS, toMs: NOW_MS };
    expect(await town.levels.readRaw(span, 10)).toMatchObject([
      { atMs: NOW_MS, min: 40, mean: 40, max: 40, count: 1, quality: 'suspicious' },
      { atMs: NOW_MS - DAY_MS, mean: 20.25, quality: 'accepted' },
    ]);
    expect(await town.levels.readRaw(span, 1)).toMatchObject([{ atMs: NOW_MS }]);
    expect(await town.levels.readRaw({ ...span, binId: 'bin-9' }, 1)).toEqual([]);
    expect(await town.levels.readRaw({ ...span, fromMs: NOW_MS + 1, toMs: NOW_MS }, 1)).toEqual([]);
  });

  test('puts readings in buckets of any length as the arithmetic says, over any span', async () => {
    await using town = await openEngine(engine);
    const readings = fc.sample(READING, { numRuns: 150, seed: 7 });
    // Of one instant, one reading each: the identity of a test's reading is its device and its time.
    await town.put([...new Map(readings.map((reading) => [reading.atMs, reading])).values()]);
    const kept = await rowsOf(town);
    await fc.assert(
      fc.asyncProperty(SPAN, RESOLUTION, async ([fromMs, toMs], resolutionSeconds) => {
        const span = { binId: 'bin-1', fromMs, toMs };
        const buckets = await town.levels.readBuckets(span, resolutionSeconds, 1_000);
        expect(buckets).toEqual(computeBuckets(kept, span, resolutionSeconds));
      }),
      { numRuns: 40, seed: 11 },
    );
  });

  test('gives the newest buckets where there are more than asked for', async () => {
    await using town = await openEngine(engine);
    await town.put(
      Array.from({ length: 10 }, (_, index) => ({
        ...AT,
        atMs: NOW_MS - index * HOUR_MS,
        fillPercent: index,
      })),
    );
    for (const resolutionSeconds of [900, 3600]) {
      const buckets = await town.levels.readBuckets(ALL, resolutionSeconds, 3);
      expect(buckets.map(({ atMs }) => atMs)).toEqual(
        [0, 1, 2].map((index) => NOW_MS - index * HOUR_MS),
      );
    }
  });

  test('counts a reading once, however often it is brought', async () => {
    await using town = await openEngine(engine);
    const ids = await town.put([
      { ...AT, atMs: NOW_MS, fillPercent: 40 },
      { ...AT, atMs: NOW_MS + 1, fillPercent: 60 },
    ]);
    await town.deliver(ids);
    for (const resolutionSeconds of [60, 3600]) {
      expect(await town.levels.readBuckets(ALL, resolutionSeconds, 10)).toMatchObject([
        { min: 40, mean: 50, max: 60, count: 2 },
      ]);
    }
  });

  test('forgets what a reading said before it was corrected', async () => {
    await using town = await openEngine(engine);
    const ids = await town.put([
      { ...AT, atMs: NOW_MS, fillPercent: 40 },
      { ...AT, atMs: NOW_MS + 2 * HOUR_MS, fillPercent: 40 },
    ]);
    const change = (id: number, set: { fill_percent: number; quality?: number }) =>
      town.store.db.updateTable('readings').set(set).where('id', '=', id).execute();
    await change(ids[0] ?? 0, { fill_percent: 70 });
    await change(ids[1] ?? 0, { fill_percent: 10, quality: qualityCode('rejected') });
    await town.deliver(ids);
    for (const resolutionSeconds of [60, 3600, 24 * 3600]) {
      expect(await town.levels.readBuckets(ALL, resolutionSeconds, 10)).toMatchObject([
        { min: 70, max: 70, count: 1 },
      ]);
    }
  });

  test('takes whatever is no id for a bin that is not there, or refuses it', async () => {
    await using town = await openEngine(engine);
    await town.put([{ ...AT, atMs: NOW_MS, fillPercent: 40 }]);
    for (const binId of INJECTIONS) {
      for (const read of [
        () => town.levels.readRaw({ ...ALL, binId }, 10),
        () => town.levels.readBuckets({ ...ALL, binId }, 60, 10),
        () => town.levels.readBuckets({ ...ALL, binId }, 3600, 10),
      ]) {
        const answer = await read().catch((error: unknown) => error);
        if (answer instanceof Error) expect(answer).toBeInstanceOf(TypeError);
        else expect([binId, answer]).toEqual([binId, []]);
      }
    }
    expect(await town.levels.readRaw(ALL, 10)).toHaveLength(1);
  });

  test('deletes what is older than it is told to, of readings and of hours, where it deletes at all', async () => {
    await using town = await openEngine(engine);
    await town.put(
      [-2, -1, 0, 1].map((hour) => ({ ...AT, atMs: NOW_MS + hour * HOUR_MS, fillPercent: 40 })),
    );
    // SQL has rules of its own for what goes, see the tests of retention.
    if (town.influx === undefined) return;
    expect(await town.influx.deleteOld(NOW_MS)).toBe(true);
    for (const resolutionSeconds of [60, 3600]) {
      const buckets = await town.levels.readBuckets(ALL, resolutionSeconds, 10);
      expect(buckets.map(({ atMs }) => atMs)).toEqual([NOW_MS + HOUR_MS, NOW_MS]);
    }
  });
}

/** What people try where a text may become part of a statement. */
const INJECTIONS = [
  "' OR 1=1 --",
  "bin-1' OR bin =~ /.*/ --",
  "x' OR time > 0; DROP DATABASE tunna; --",
  '"; DROP DATABASE tunna',
  '|> drop()',
  "bin-1\\' OR '1'='1",
  "bin-1\n'; DELETE FROM reading",
  "' UNION SELECT 1,2,3 --",
  '../bin-1',
  '',
];

const READING = fc
  .record({
    atMs: fc.integer({ min: NOW_MS - 12 * HOUR_MS, max: NOW_MS }),
    fillPercent: fc.option(fc.double({ min: 0, max: 120, noNaN: true }), { freq: 9 }),
    quality: fc.constantFrom(...QUALITIES),
  })
  .map((reading): SeedReading => ({ ...AT, ...reading }));
const SPAN = fc.tuple(
  fc.integer({ min: NOW_MS - 13 * HOUR_MS, max: NOW_MS - 2 * HOUR_MS }),
  fc.integer({ min: NOW_MS - 3 * HOUR_MS, max: NOW_MS + HOUR_MS }),
);
const RESOLUTION = fc.constantFrom(
  60,
  300,
  900,
  3600,
  3 * 3600,
  7 * 3600,
  24 * 3600,
  7 * 24 * 3600,
);

interface Level {
  readonly observed_at: number;
  readonly fill_percent: number;
}

async function rowsOf({ store }: OpenedEngine): Promise<Level[]> {
  const rows = await store.db
    .selectFrom('readings')
    .select(['observed_at', 'fill_percent', 'quality'])
    .where('bin_id', '=', 'bin-1')
    .execute();
  return rows.flatMap(({ observed_at, fill_percent, quality }) =>
    fill_percent === null || quality < qualityCode(LOWEST_LEVEL_QUALITY)
      ? []
      : [{ observed_at, fill_percent }],
  );
}

function computeBuckets(
  levels: readonly Level[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  resolutionSeconds: number,
): unknown[] {
  const buckets = new Map<number, number[]>();
  for (const { observed_at: at, fill_percent } of levels) {
    if (at < fromMs || at > toMs) continue;
    const start = at - (at % (resolutionSeconds * 1000));
    buckets.set(start, [...(buckets.get(start) ?? []), fill_percent]);
  }
  return [...buckets]
    .sort(([a], [b]) => b - a)
    .map(([atMs, fills]) => ({
      atMs,
      min: Math.min(...fills),
      mean: expect.closeTo(fills.reduce((sum, fill) => sum + fill) / fills.length, 9) as number,
      max: Math.max(...fills),
      count: fills.length,
      readingId: null,
      quality: null,
    })) satisfies SeriesBucket[];
}
