import { afterAll, describe, expect, test } from 'vitest';
import type { Geometry } from '../../domain/geometry.ts';
import { binId, deviceId } from '../../domain/testing/test-ids.ts';
import { storeArrivals } from '../../ingest/store-arrivals.ts';
import { addBin, addMountedDevice, arrival, GEOMETRY } from '../../ingest/testing/sample-town.ts';
import { newestChange, readChanges } from '../../store/changes.ts';
import { correctMounting } from '../../store/correct-mounting.ts';
import type { Store } from '../../store/database.ts';
import { saveDevices } from '../../store/devices.ts';
import { mountDevice, unmountDevice } from '../../store/mount-device.ts';
import { listMountings } from '../../store/mountings.ts';
import { finishRecomputes, listRecomputes } from '../../store/recompute.ts';
import { findBinDetail } from '../../store/views/bin-detail.ts';
import { readSeries } from '../../store/views/reading-series.ts';
import { findTrace } from '../../store/views/trace.ts';
import { needs } from '../servers/needs.ts';
import { DIALECTS, openDialect, stopDialects } from './dialects.ts';
import type { Dialect } from './dialects.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const HOUR_MS = 3600_000;
const TALLER: Geometry = { ...GEOMETRY, emptyDistanceMm: 2200 };
const ENDED = AbortSignal.abort();

afterAll(stopDialects);

for (const dialect of DIALECTS) {
  const suite = dialect === 'postgres' ? needs('postgresql-15') : describe;
  suite(`corrected history on ${dialect}`, () => describeCorrections(dialect));
}

/** Has a sensor say distances, so many hours ago. */
async function hear(
  store: Store,
  id: string,
  readings: readonly (readonly [hoursAgo: number, distanceMm: number])[],
): Promise<void> {
  const arrivals = readings.map(([hoursAgo, distanceMm]) =>
    arrival({
      topic: `bins/${id}/up`,
      payload: { observedAt: NOW_MS - hoursAgo * HOUR_MS, distanceMm },
      receivedAtMs: NOW_MS,
    }),
  );
  await store.db.transaction().execute((trx) => storeArrivals(trx, store, arrivals));
}

/** The readings of a device, oldest first. */
async function readingsOf(store: Store, id: string): Promise<[string | null, number | null][]> {
  const rows = await store.db
    .selectFrom('readings')
    .select(['bin_id', 'fill_percent'])
    .where('device_id', '=', id)
    .orderBy('observed_at')
    .orderBy('id')
    .execute();
  return rows.map((row) => [row.bin_id, row.fill_percent]);
}

/** What the history of a bin shows. */
async function historyOf(store: Store, bin: string): Promise<number[]> {
  const span = { fromMs: NOW_MS - 100 * HOUR_MS, toMs: NOW_MS + HOUR_MS };
  const series = await readSeries(store, { binId: bin, ...span, resolutionSeconds: 0 });
  return series.buckets.map(({ mean }) => mean);
}

async function levelsOf(store: Store): Promise<Record<string, number>> {
  const rows = await store.db.selectFrom('bin_states').selectAll().execute();
  return Object.fromEntries(rows.map((row) => [row.bin_id, row.fill_percent]));
}

function describeCorrections(dialect: Dialect): void {
  const hoursAgo = (hours: number): number => NOW_MS - hours * HOUR_MS;
  const sensor = (id: string) => ({ id: deviceId(id), model: null, reportIntervalSeconds: 900 });

  test('a bin keeps its history when its sensor is swapped, late readings of the first one too', async () => {
    await using opened = await openDialect(dialect);
    const { store } = opened;
    await addMountedDevice(store, { bin: 'bin-1', id: 'first', model: null }, NOW_MS);
    await addBin(store, 'bin-2');
    await saveDevices(store, [sensor('second')]);
    await hear(store, 'first', [
      [9, 1100],
      [7, 900],
    ]);
    // At six o'clock the second, which hangs higher, took the place of the first.
    await unmountDevice(store, deviceId('first'), hoursAgo(6));
    const second = { deviceId: deviceId('second'), binId: binId('bin-1'), geometry: TALLER };
    await mountDevice(store, { ...second, fromMs: hoursAgo(6) }, NOW_MS);
    await hear(store, 'second', [
      [5, 1800],
      [3, 1400],
    ]);
    // What the first had kept for itself, and what it says on its way home and in its next bin.
    await hear(store, 'first', [
      [8, 1000],
      [5, 1200],
    ]);
    await mountDevice(
      store,
      {
        deviceId: deviceId('first'),
        binId: binId('bin-2'),
        geometry: GEOMETRY,
        fromMs: hoursAgo(4),
      },
      NOW_MS,
    );
    await hear(store, 'first', [[1, 200]]);
    expect(await historyOf(store, 'bin-1')).toEqual([10, 20, 30, 20, 40]);
    expect(await historyOf(store, 'bin-2')).toEqual([100]);
    expect(await levelsOf(store)).toEqual({ 'bin-1': 40, 'bin-2': 100 });
    expect(await readingsOf(store, 'first')).toContainEqual([null, null]);
  });

  /** A sensor that was in three bins, one reading an hour: 10 to 7, 6 to 4, and 3 to 1 hours ago. */
  async function openMoved() {
    const opened = await openDialect(dialect);
    const { store } = opened;
    await addMountedDevice(store, { bin: 'bin-1', id: 'dev-1', model: null }, NOW_MS);
    for (const bin of ['bin-2', 'bin-3']) await addBin(store, bin);
    const mounting = { deviceId: deviceId('dev-1'), geometry: GEOMETRY };
    await mountDevice(store, { ...mounting, binId: binId('bin-2'), fromMs: hoursAgo(6.5) }, NOW_MS);
    await mountDevice(store, { ...mounting, binId: binId('bin-3'), fromMs: hoursAgo(3.5) }, NOW_MS);
    const hours = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
    await hear(
      store,
      'dev-1',
      hours.map((hour) => [hour, 700]),
    );
    const [first, second, third] = await listMountings(store.db, ['dev-1']);
    if (!first || !second || !third) throw new Error('There are three mountings');
    return { opened, store, first, second, third };
  }

  test('a corrected geometry of a past span changes exactly its readings', async () => {
    const { opened, store, second } = await openMoved();
    await using _ = opened;
    const corrected = await correctMounting(
      store,
      second.id,
      { geometry: { ...GEOMETRY, shape: 'taper', areaRatio: 0.25 } },
      { nowMs: NOW_MS },
    );
    expect(corrected).toEqual({ ok: true, recomputedReadings: 3 });
    const fills = (await readingsOf(store, 'dev-1')).map(([, fill]) => fill);
    expect(fills).toEqual([50, 50, 50, 50, 33.9, 33.9, 33.9, 50, 50, 50]);
    expect(await levelsOf(store)).toEqual({ 'bin-1': 50, 'bin-2': 33.9, 'bin-3': 50 });
  });

  test('a move that was written down at the wrong time is put right, from either side', async () => {
    const { opened, store, first, second, third } = await openMoved();
    await using _ = opened;
    const binsOf = async (): Promise<string> => {
      const rows = await readingsOf(store, 'dev-1');
      return rows.map(([bin]) => bin?.slice(-1) ?? '-').join('');
    };
    expect(await binsOf()).toBe('1111222333');
    const correct = (id: number, change: Parameters<typeof correctMounting>[2]) =>
      correctMounting(store, id, change, { nowMs: NOW_MS });
    // Later than written: first the one must give way, then the other.
    expect(await correct(first.id, { toMs: hoursAgo(4.5) })).toMatchObject({
      ok: false,
      reason: 'overlap',
      detail: expect.stringContaining(`tunna device correct dev-1 ${second.id}`),
    });
    expect(await correct(second.id, { fromMs: hoursAgo(4.5) })).toEqual({
      ok: true,
      recomputedReadings: 3,
    });
    expect(await binsOf()).toBe('1111--2333');
    expect(await correct(first.id, { toMs: hoursAgo(4.5) })).toMatchObject({ ok: true });
    expect(await binsOf()).toBe('1111112333');
    // Earlier than written.
    await correct(second.id, { toMs: hoursAgo(4.2) });
    await correct(third.id, { fromMs: hoursAgo(4.2) });
    expect(await binsOf()).toBe('1111113333');
    expect(await levelsOf(store)).toEqual({ 'bin-1': 50, 'bin-3': 50 });
    // It was in another bin all along, and has been taken out since.
    await correct(third.id, { binId: binId('bin-2'), toMs: hoursAgo(1.5) });
    expect(await binsOf()).toBe('111111222-');
    await correct(third.id, { toMs: null });
    expect(await binsOf()).toBe('1111112222');
    expect(await levelsOf(store)).toEqual({ 'bin-1': 50, 'bin-2': 50 });
  });

  test('a mounting that somebody forgot to write down finds its room', async () => {
    const { opened, store, first } = await openMoved();
    await using _ = opened;
    const forgotten = { deviceId: deviceId('dev-1'), binId: binId('bin-3'), geometry: TALLER };
    const span = { fromMs: hoursAgo(8.5), toMs: hoursAgo(6.5) };
    expect(await mountDevice(store, { ...forgotten, ...span }, NOW_MS)).toMatchObject({
      ok: false,
      reason: 'overlap',
    });
    await correctMounting(store, first.id, { toMs: span.fromMs }, { nowMs: NOW_MS });
    expect(await mountDevice(store, { ...forgotten, ...span }, NOW_MS)).toEqual({
      ok: true,
      recomputedReadings: 2,
    });
    expect((await readingsOf(store, 'dev-1')).slice(0, 5)).toEqual([
      ['bin-1', 50],
      ['bin-1', 50],
      ['bin-3', 75],
      ['bin-3', 75],
      ['bin-2', 50],
    ]);
  });

  test('a geometry that holds only from some time on cuts the mounting there', async () => {
    const { opened, store, second } = await openMoved();
    await using _ = opened;
    const change = { geometry: TALLER, sinceMs: hoursAgo(5) };
    expect(await correctMounting(store, second.id, change, { nowMs: NOW_MS })).toEqual({
      ok: true,
      recomputedReadings: 2,
    });
    expect((await readingsOf(store, 'dev-1')).slice(3, 8)).toEqual([
      ['bin-1', 50],
      ['bin-2', 50],
      ['bin-2', 75],
      ['bin-2', 75],
      ['bin-3', 50],
    ]);
    const spans = (await listMountings(store.db, ['dev-1'])).map(({ fromMs, toMs }) => [
      fromMs,
      toMs,
    ]);
    expect(spans[1]).toEqual([hoursAgo(6.5), hoursAgo(5)]);
    expect(spans[2]).toEqual([hoursAgo(5), hoursAgo(3.5)]);
  });

  test.each([
    [{ fromMs: NOW_MS - 3 * HOUR_MS }, 'bad-span'],
    [{ fromMs: NOW_MS - 3 * HOUR_MS, toMs: null }, 'overlap'],
    [{ toMs: null }, 'overlap'],
    [{ sinceMs: NOW_MS, geometry: GEOMETRY }, 'bad-span'],
    [{ binId: binId('nowhere') }, 'no-such-bin'],
    [{ geometry: { ...GEOMETRY, fullDistanceMm: 5000 } }, 'bad-geometry'],
  ])('a correction that cannot be is refused and changes nothing: %j', async (change, reason) => {
    const { opened, store, second } = await openMoved();
    await using _ = opened;
    const before = await listMountings(store.db, ['dev-1']);
    expect(await correctMounting(store, second.id, change, { nowMs: NOW_MS })).toMatchObject({
      ok: false,
      reason,
    });
    expect(await listMountings(store.db, ['dev-1'])).toEqual(before);
    expect(await correctMounting(store, 999, {}, { nowMs: NOW_MS })).toMatchObject({
      reason: 'no-such-mounting',
    });
  });

  test('a long span is computed anew in steps, the newest first; until then it says so', async () => {
    await using opened = await openDialect(dialect);
    const { store } = opened;
    await addMountedDevice(store, { bin: 'bin-1', id: 'dev-1', model: null }, NOW_MS);
    const hours = [9, 8, 7, 6, 5, 4, 3, 2, 1];
    await hear(
      store,
      'dev-1',
      hours.map((hour) => [hour, 700]),
    );
    const mounting = { deviceId: deviceId('dev-1'), binId: binId('bin-1'), geometry: TALLER };
    // As if the process ended after the first step.
    const stopped = { rowsPerStep: 2, signal: ENDED };
    const result = await mountDevice(store, { ...mounting, fromMs: 0 }, NOW_MS, stopped);
    expect(result).toEqual({ ok: true, recomputedReadings: 9 });
    const fills = async () => (await readingsOf(store, 'dev-1')).map(([, fill]) => fill);
    expect(await fills()).toEqual([50, 50, 50, 50, 50, 50, 50, 75, 75]);
    expect(await levelsOf(store)).toEqual({ 'bin-1': 75 });
    const detail = await findBinDetail(store, 'bin-1', NOW_MS);
    expect(detail?.mountings[0]?.recompute).toEqual({ doneReadings: 2, totalReadings: 9 });
    const ids = await store.db.selectFrom('readings').select('id').orderBy('observed_at').execute();
    const pending = async (index: number) =>
      (await findTrace(store, ids[index]?.id ?? 0))?.reading.recomputePending;
    expect([await pending(0), await pending(6), await pending(7)]).toEqual([true, true, false]);

    const progress: number[] = [];
    await finishRecomputes(store, ['dev-2'], { rowsPerStep: 3 });
    expect(await listRecomputes(store.db)).toHaveLength(1);
    await finishRecomputes(store, undefined, {
      rowsPerStep: 3,
      onProgress: ({ doneReadings }) => progress.push(doneReadings),
    });
    expect(progress).toEqual([5, 8, 9]);
    const told = (await readChanges(store, 0, 1000)).slice(-2).map(({ kind, id }) => [kind, id]);
    expect(told).toEqual([
      ['device', 'dev-1'],
      ['bin', 'bin-1'],
    ]);
    expect(await fills()).toEqual([75, 75, 75, 75, 75, 75, 75, 75, 75]);
    expect(await listRecomputes(store.db)).toEqual([]);
    expect(await pending(0)).toBe(false);
    expect((await findBinDetail(store, 'bin-1', NOW_MS))?.mountings[0]?.recompute).toBeNull();
  });

  test('the pages of the bins are told of the end, also when the last step changed nothing', async () => {
    await using opened = await openDialect(dialect);
    const { store } = opened;
    await addMountedDevice(store, { bin: 'bin-1', id: 'dev-1', model: null }, NOW_MS);
    await hear(store, 'dev-1', [
      [4, 20],
      [3, 20],
      [2, 700],
      [1, 700],
    ]);
    const mounting = { deviceId: deviceId('dev-1'), binId: binId('bin-1'), geometry: TALLER };
    const stopped = { rowsPerStep: 2, signal: ENDED };
    await mountDevice(store, { ...mounting, fromMs: 0 }, NOW_MS, stopped);
    const seq = await newestChange(store);
    await finishRecomputes(store, undefined, { rowsPerStep: 2 });
    const told = await readChanges(store, seq, 1000);
    expect(told.at(-1)).toMatchObject({ kind: 'bin', id: 'bin-1' });
  });

  test('messages and further corrections between the steps end as they would have without', async () => {
    const end = async (rowsPerStep: number) => {
      await using opened = await openDialect(dialect);
      const { store } = opened;
      await addMountedDevice(store, { bin: 'bin-1', id: 'dev-1', model: null }, NOW_MS);
      await addBin(store, 'bin-2');
      const hours = Array.from({ length: 30 }, (_, index) => 30 - index);
      await hear(
        store,
        'dev-1',
        hours.map((hour) => [hour, 300 + hour * 10]),
      );
      const mounting = { deviceId: deviceId('dev-1'), binId: binId('bin-1'), geometry: GEOMETRY };
      const stopped = { rowsPerStep, signal: ENDED };
      await mountDevice(store, { ...mounting, geometry: TALLER, fromMs: 0 }, NOW_MS, stopped);
      // Late and new ones, on either side of what is done, and of the same instants.
      await hear(store, 'dev-1', [
        [29.5, 600],
        [2, 555],
        [0.5, 610],
      ]);
      const moved = { ...mounting, binId: binId('bin-2'), fromMs: hoursAgo(12) };
      await mountDevice(store, moved, NOW_MS, stopped);
      await hear(store, 'dev-1', [[11.5, 640]]);
      const [first] = await listMountings(store.db, ['dev-1']);
      const back = { fromMs: hoursAgo(20), geometry: GEOMETRY };
      await correctMounting(store, first?.id ?? 0, back, { nowMs: NOW_MS, ...stopped });
      const left = (await listRecomputes(store.db)).length;
      await finishRecomputes(store, undefined, { rowsPerStep });
      return { left, readings: await readingsOf(store, 'dev-1'), levels: await levelsOf(store) };
    };
    const stepped = await end(4);
    const whole = await end(1000);
    expect([stepped.left, whole.left]).toEqual([3, 0]);
    expect(stepped.readings).toEqual(whole.readings);
    expect(stepped.levels).toEqual(whole.levels);
    expect(new Set(whole.readings.map(([bin]) => bin))).toEqual(new Set([null, 'bin-1', 'bin-2']));
  });

  test('what changes goes to InfluxDB again, and nothing else', async () => {
    await using opened = await openDialect(dialect);
    const store: Store = { ...opened.store, feedsInflux: true };
    await addMountedDevice(store, { bin: 'bin-1', id: 'dev-1', model: null }, NOW_MS);
    await hear(store, 'dev-1', [
      [3, 700],
      // Full either way.
      [2, 20],
      [1, 900],
    ]);
    await store.db.deleteFrom('outbox').execute();
    const mounting = { deviceId: deviceId('dev-1'), binId: binId('bin-1'), geometry: TALLER };
    await mountDevice(store, { ...mounting, fromMs: 0 }, NOW_MS, { rowsPerStep: 1 });
    const rows = await store.db
      .selectFrom('outbox')
      .innerJoin('readings', 'readings.id', 'outbox.reading_id')
      .select('readings.distance_mm')
      .execute();
    expect(new Set(rows.map((row) => row.distance_mm))).toEqual(new Set([700, 900]));
    expect(rows).toHaveLength(2);
  });
}
