import { afterAll, describe, expect, test } from 'vitest';
import { appendChanges, pruneChanges } from '../../store/changes.ts';
import type { ChangeKind } from '../../store/changes.ts';
import { saveQuarantined } from '../../store/quarantine.ts';
import { findBinDetail } from '../../store/views/bin-detail.ts';
import { listBinViews, listBinViewsById } from '../../store/views/bin-summaries.ts';
import { listMessages } from '../../store/views/messages.ts';
import { findMissedBins } from '../../store/views/missed-bins.ts';
import { MAX_BUCKETS, readSeries } from '../../store/views/reading-series.ts';
import { readTownNumbers } from '../../store/views/stats.ts';
import { findTrace } from '../../store/views/trace.ts';
import { seedBin, seedDevice, seedReadings } from '../../store/views/testing/seed-town.ts';
import type { Store } from '../../store/database.ts';
import { needs } from '../servers/needs.ts';
import { DIALECTS, openDialect, stopDialects } from './dialects.ts';
import type { Dialect } from './dialects.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const NOW_MS = Date.UTC(2026, 2, 1, 12);

afterAll(stopDialects);

for (const dialect of DIALECTS) {
  const suite = dialect === 'postgres' ? needs('postgresql-15') : describe;
  suite(`the views on ${dialect}`, () => {
    describeBins(dialect);
    describeSeries(dialect);
    describeMessages(dialect);
    describeTown(dialect);
    describeMissed(dialect);
  });
}

async function seedLevel(store: Store, fillPercent: number, atMs: number): Promise<number> {
  const [id] = await seedReadings(store, [
    { deviceId: 'dev-1', binId: 'bin-1', atMs, fillPercent },
  ]);
  if (id === undefined) throw new Error('nothing was stored');
  return id;
}

function describeBins(dialect: Dialect): void {
  test('a bin shows its newest level, and the state that follows from it now', async () => {
    await using test = await openDialect(dialect);
    const { store } = test;
    await seedBin(store, 'bin-1', { thresholdPercent: 70 });
    await seedDevice(store, { id: 'dev-1', binId: 'bin-1', reportIntervalSeconds: 1800 });
    const id = await seedLevel(store, 71.5, NOW_MS - 10 * MINUTE_MS);
    await seedLevel(store, 12, NOW_MS - HOUR_MS);
    const [bin, ...others] = await listBinViews(store, NOW_MS);
    expect(others).toEqual([]);
    expect(bin).toMatchObject({
      id: 'bin-1',
      fillPercent: 71.5,
      observedAtMs: NOW_MS - 10 * MINUTE_MS,
      ageSeconds: 600,
      staleAfterSeconds: 5400,
      state: 'full',
      reasons: ['full'],
      quality: 'accepted',
      readingId: id,
      deviceId: 'dev-1',
    });
    const [later] = await listBinViews(store, NOW_MS + 2 * HOUR_MS);
    expect(later).toMatchObject({ state: 'stale', reasons: ['full', 'sensor-silent'] });
  });

  test('a bin without a level takes its patience from the device mounted in it', async () => {
    await using test = await openDialect(dialect);
    const { store } = test;
    await seedBin(store, 'bin-1');
    await seedBin(store, 'bin-2');
    await seedDevice(store, { id: 'dev-1', binId: 'bin-1', reportIntervalSeconds: 3600 });
    const [one, two] = await listBinViews(store, NOW_MS);
    expect(one).toMatchObject({ state: 'unknown', fillPercent: null, staleAfterSeconds: 3 * 3600 });
    expect(two).toMatchObject({ state: 'unknown', ageSeconds: null, staleAfterSeconds: 24 * 3600 });
  });

  test('the battery is the newest value of the device, whichever message told it', async () => {
    await using test = await openDialect(dialect);
    const { store } = test;
    await seedBin(store, 'bin-1');
    await seedDevice(store, { id: 'dev-1', binId: 'bin-1' });
    const at = { deviceId: 'dev-1', binId: 'bin-1' };
    await seedReadings(store, [
      { ...at, atMs: NOW_MS - HOUR_MS, fillPercent: 30, more: { battery_percent: 80 } },
      { ...at, atMs: NOW_MS - MINUTE_MS, fillPercent: null, more: { battery_percent: 55 } },
    ]);
    expect(await listBinViews(store, NOW_MS)).toMatchObject([
      { fillPercent: 30, batteryPercent: 55 },
    ]);
  });

  test('bins can be asked for by id; ids of no bin are left out', async () => {
    await using test = await openDialect(dialect);
    const { store } = test;
    for (const id of ['bin-1', 'bin-2', 'bin-3']) await seedBin(store, id);
    const views = await listBinViewsById(store, ['bin-3', 'nobody', 'bin-1'], NOW_MS);
    expect(views.map(({ id }) => id)).toEqual(['bin-1', 'bin-3']);
    expect(await listBinViewsById(store, [], NOW_MS)).toEqual([]);
  });

  test('a bin in detail lists its mountings, newest first', async () => {
    await using test = await openDialect(dialect);
    const { store } = test;
    await seedBin(store, 'bin-1', { description: 'by the school' });
    await seedBin(store, 'bin-2');
    await seedDevice(store, { id: 'dev-1', binId: 'bin-1' });
    await seedDevice(store, { id: 'dev-1', binId: 'bin-2', nowMs: NOW_MS - DAY_MS });
    await seedDevice(store, { id: 'dev-2', binId: 'bin-1', fromMs: NOW_MS - HOUR_MS });
    await seedReadings(store, [
      { deviceId: 'dev-2', binId: 'bin-1', atMs: NOW_MS - MINUTE_MS, fillPercent: 5 },
    ]);
    const detail = await findBinDetail(store, 'bin-1', NOW_MS);
    expect(detail?.bin).toMatchObject({ description: 'by the school', fillPercent: 5 });
    expect(detail?.mountings).toMatchObject([
      { deviceId: 'dev-2', fromMs: NOW_MS - HOUR_MS, toMs: null, lastSeenAtMs: NOW_MS - MINUTE_MS },
      {
        deviceId: 'dev-1',
        fromMs: 0,
        toMs: NOW_MS - DAY_MS,
        lastSeenAtMs: null,
        geometry: { shape: 'prism' },
      },
    ]);
    expect(await findBinDetail(store, 'nobody', NOW_MS)).toBeUndefined();
  });
}

function describeSeries(dialect: Dialect): void {
  const span = { binId: 'bin-1', fromMs: NOW_MS - DAY_MS, toMs: NOW_MS };
  const at = { deviceId: 'dev-1', binId: 'bin-1' };

  test('raw readings come oldest first, without those nobody can believe', async () => {
    await using test = await openDialect(dialect);
    const { store } = test;
    const ids = await seedReadings(store, [
      { ...at, atMs: NOW_MS, fillPercent: 40, quality: 'suspicious' },
      { ...at, atMs: NOW_MS - DAY_MS, fillPercent: 20 },
      { ...at, atMs: NOW_MS - HOUR_MS, fillPercent: null, quality: 'accepted' },
      { ...at, atMs: NOW_MS - 2 * HOUR_MS, fillPercent: 99, quality: 'probably-invalid' },
      { ...at, atMs: NOW_MS - DAY_MS - 1, fillPercent: 7 },
      { ...at, binId: 'bin-2', atMs: NOW_MS - 3 * HOUR_MS, fillPercent: 8 },
    ]);
    const series = await readSeries(store, { ...span, resolutionSeconds: 0 });
    expect(series).toMatchObject({ resolutionSeconds: 0, truncated: false });
    expect(series.buckets).toEqual([
      bucket({ atMs: NOW_MS - DAY_MS, value: 20, readingId: ids[1], quality: 'accepted' }),
      bucket({ atMs: NOW_MS, value: 40, readingId: ids[0], quality: 'suspicious' }),
    ]);
  });

  test('buckets begin at multiples of their length and hold least, mean, most and how many', async () => {
    await using test = await openDialect(dialect);
    const { store } = test;
    await seedReadings(store, [
      { ...at, atMs: NOW_MS - HOUR_MS, fillPercent: 10 },
      { ...at, atMs: NOW_MS - 1, fillPercent: 20.5 },
      { ...at, atMs: NOW_MS - 30 * MINUTE_MS, fillPercent: 30.1 },
      { ...at, atMs: NOW_MS, fillPercent: 50 },
    ]);
    const series = await readSeries(store, { ...span, resolutionSeconds: 3600 });
    const raw = { readingId: null, quality: null };
    expect(series.buckets).toEqual([
      { atMs: NOW_MS - HOUR_MS, min: 10, mean: expect.closeTo(20.2), max: 30.1, count: 3, ...raw },
      { atMs: NOW_MS, min: 50, mean: 50, max: 50, count: 1, ...raw },
    ]);
  });

  test('the mean of equal levels is that level', async () => {
    await using test = await openDialect(dialect);
    const { store } = test;
    await seedReadings(
      store,
      Array.from({ length: 30 }, (_, minute) => ({
        ...at,
        atMs: NOW_MS - HOUR_MS + minute * MINUTE_MS,
        fillPercent: 33.3,
      })),
    );
    const [first] = (await readSeries(store, { ...span, resolutionSeconds: 3600 })).buckets;
    expect(first).toMatchObject({ min: 33.3, mean: 33.3, max: 33.3, count: 30 });
  });

  test('more than fits leaves the newest and says so', async () => {
    await using test = await openDialect(dialect);
    const { store } = test;
    await seedMany(store, MAX_BUCKETS + 1, MINUTE_MS);
    const long = { ...span, fromMs: 0 };
    for (const resolutionSeconds of [0, 60]) {
      const series = await readSeries(store, { ...long, resolutionSeconds });
      expect(series.truncated).toBe(true);
      expect(series.buckets).toHaveLength(MAX_BUCKETS);
      expect(series.buckets.at(-1)?.atMs).toBe(NOW_MS);
    }
  });

  test('without a resolution few readings come raw, many in a length that suits the span', async () => {
    await using test = await openDialect(dialect);
    const { store } = test;
    await seedMany(store, 1_200, 10 * MINUTE_MS);
    expect((await readSeries(store, span)).resolutionSeconds).toBe(0);
    const month = await readSeries(store, { ...span, fromMs: NOW_MS - 30 * DAY_MS });
    expect(month.resolutionSeconds).toBe(3600);
    expect(month.buckets.length).toBeGreaterThan(150);
    const ever = await readSeries(store, { ...span, fromMs: 0 });
    expect(ever.resolutionSeconds).toBe(7 * 24 * 3600);
  });

  /** Readings straight into the table: the way through ingest is slow for thousands. */
  async function seedMany(store: Store, count: number, everyMs: number): Promise<void> {
    const [template] = await seedReadings(store, [{ ...at, atMs: NOW_MS, fillPercent: 1 }]);
    const { id: _, ...row } = await store.db
      .selectFrom('readings')
      .selectAll()
      .where('id', '=', template ?? 0)
      .executeTakeFirstOrThrow();
    const rows = Array.from({ length: count - 1 }, (_unused, index) => ({
      ...row,
      part: index + 1,
      observed_at: NOW_MS - (index + 1) * everyMs,
    }));
    for (let start = 0; start < rows.length; start += 1000) {
      await store.db
        .insertInto('readings')
        .values(rows.slice(start, start + 1000))
        .execute();
    }
  }
}

function bucket(raw: {
  readonly atMs: number;
  readonly value: number;
  readonly readingId: number | undefined;
  readonly quality: string;
}) {
  const { atMs, value, readingId, quality } = raw;
  return { atMs, min: value, mean: value, max: value, count: 1, readingId, quality };
}

function describeMessages(dialect: Dialect): void {
  test('messages of a bin are those of its devices while they were in it, newest first', async () => {
    await using test = await openDialect(dialect);
    const { store } = test;
    await seedBin(store, 'bin-1');
    await seedBin(store, 'bin-2');
    await seedDevice(store, { id: 'dev-1', binId: 'bin-1' });
    await seedDevice(store, { id: 'dev-2', binId: 'bin-1' });
    const swapMs = NOW_MS - HOUR_MS;
    await seedDevice(store, { id: 'dev-1', binId: 'bin-2', nowMs: swapMs });
    const ids = await seedReadings(store, [
      { deviceId: 'dev-1', binId: 'bin-1', atMs: swapMs - 1, fillPercent: 1 },
      { deviceId: 'dev-1', binId: 'bin-2', atMs: swapMs, fillPercent: 2 },
      { deviceId: 'dev-2', binId: 'bin-1', atMs: swapMs + 1, fillPercent: 3 },
      { deviceId: 'dev-2', binId: 'bin-1', atMs: swapMs - 2, fillPercent: 4 },
    ]);
    const messages = await listMessages(store, 'bin-1', 10);
    expect(messages?.map(({ receivedAtMs }) => receivedAtMs - swapMs)).toEqual([1, -1, -2]);
    expect(messages?.map(({ readingIds }) => readingIds)).toEqual([[ids[2]], [ids[0]], [ids[3]]]);
    expect(messages?.[0]?.payload.toString()).toContain('fillPercent');
    const limited = await listMessages(store, 'bin-1', 2);
    expect(limited?.map(({ receivedAtMs }) => receivedAtMs - swapMs)).toEqual([1, -1]);
    expect(await listMessages(store, 'nobody', 10)).toBeUndefined();
  });

  test('a bin whose devices have said nothing has no messages', async () => {
    await using test = await openDialect(dialect);
    await seedBin(test.store, 'bin-1');
    expect(await listMessages(test.store, 'bin-1', 10)).toEqual([]);
  });

  test('a reading is traced to its message, byte for byte, and to its geometry', async () => {
    await using test = await openDialect(dialect);
    const { store } = test;
    await seedBin(store, 'bin-1');
    await seedDevice(store, { id: 'dev-1', binId: 'bin-1' });
    const mounting = await store.db.selectFrom('mountings').select('id').executeTakeFirstOrThrow();
    const payload = Uint8Array.from([0, 255, 1, 128]);
    const [id = 0] = await seedReadings(store, [
      {
        deviceId: 'dev-1',
        binId: 'bin-1',
        atMs: NOW_MS,
        fillPercent: 50,
        payload,
        more: { mounting_id: mounting.id, distance_mm: 550, tilted: 0, alarms: '["fire"]' },
        uplink: { sensor_bytes: Uint8Array.from([1, 2]), f_port: 85, model: 'milesight' },
      },
    ]);
    const trace = await findTrace(store, id);
    expect(trace).toMatchObject({
      reading: { id, distanceMm: 550, tilted: false, alarms: ['fire'], quality: 'accepted' },
      geometry: { shape: 'prism', emptyDistanceMm: 1000, fullDistanceMm: 100, blindZoneMm: 30 },
      decoding: { envelope: 'own-json', model: 'milesight', fPort: 85 },
      message: { door: 'broker', topic: 'bins/dev-1/up', readingIds: [id] },
    });
    expect([...(trace?.message.payload ?? [])]).toEqual([...payload]);
    expect([...(trace?.decoding.sensorBytes ?? [])]).toEqual([1, 2]);
    expect(await findTrace(store, id + 1)).toBeUndefined();
  });
}

function describeTown(dialect: Dialect): void {
  test('the town is counted: devices, readings, messages and what was set aside', async () => {
    await using test = await openDialect(dialect);
    const { store } = test;
    await seedBin(store, 'bin-1');
    for (const id of ['dev-1', 'dev-2', 'dev-3']) await seedDevice(store, { id, binId: 'bin-1' });
    const at = { binId: 'bin-1', fillPercent: 1 };
    await seedReadings(store, [
      { ...at, deviceId: 'dev-1', atMs: NOW_MS - MINUTE_MS },
      { ...at, deviceId: 'dev-1', atMs: NOW_MS - HOUR_MS },
      { ...at, deviceId: 'dev-1', atMs: NOW_MS - HOUR_MS - 1 },
      { ...at, deviceId: 'dev-2', atMs: NOW_MS - DAY_MS },
    ]);
    const message = {
      door: 'broker',
      journalSeq: 1,
      receivedAtMs: NOW_MS,
      principal: null,
      backfill: false,
      qos: 1,
      messageId: null,
      dup: false,
      topic: 'bins/x/up',
    };
    await store.db.transaction().execute((trx) =>
      saveQuarantined(
        trx,
        ['a', 'a', 'b'].map((text) => ({
          reason: 'not-json',
          detail: 'x',
          deviceId: null,
          message: { ...message, payload: Buffer.from(text) },
        })),
      ),
    );
    expect(await readTownNumbers(store, NOW_MS)).toMatchObject({
      devices: { total: 3, heardLastHour: 1 },
      readings: { total: 4, lastHour: 2 },
      tally: [{ outcome: 'stored', reason: '', count: 4 }],
      quarantineByReason: { 'not-json': 2 },
    });
  });
}

function describeMissed(dialect: Dialect): void {
  const change = (store: Store, changes: readonly (readonly [ChangeKind, string])[]) =>
    store.db.transaction().execute((trx) =>
      appendChanges(
        trx,
        store.kind,
        changes.map(([kind, id]) => ({ kind, id })),
      ),
    );

  test('what was missed names each bin once, by the last that happened to it', async () => {
    await using test = await openDialect(dialect);
    const { store } = test;
    await change(store, [
      ['bin', 'seen'],
      ['bin', 'a'],
      ['device', 'a-device'],
      ['bin', 'b'],
      ['bin-removed', 'b'],
      ['bin', 'a'],
      ['bin', 'too-new'],
    ]);
    const missed = await findMissedBins(store, { afterSeq: 1, toSeq: 6 }, 10);
    expect(missed).toEqual({ changedIds: ['a'], removedIds: ['b'] });
  });

  test('what is no longer kept, or too much, cannot be told', async () => {
    await using test = await openDialect(dialect);
    const { store } = test;
    await change(store, [
      ['bin', 'a'],
      ['bin', 'b'],
      ['bin', 'c'],
    ]);
    const span = { afterSeq: 0, toSeq: 3 };
    expect(await findMissedBins(store, span, 3)).toMatchObject({ changedIds: ['a', 'b', 'c'] });
    expect(await findMissedBins(store, span, 2)).toBeUndefined();
    expect(await findMissedBins(store, { afterSeq: 0, toSeq: 1_000 }, 3)).toBeUndefined();
    await pruneChanges(store, 2);
    expect(await findMissedBins(store, span, 3)).toBeUndefined();
    expect(await findMissedBins(store, { afterSeq: 1, toSeq: 3 }, 3)).toBeDefined();
    await pruneChanges(store, 0);
    expect(await findMissedBins(store, { afterSeq: 1, toSeq: 3 }, 3)).toBeUndefined();
  });
}
