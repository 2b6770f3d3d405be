import { describe, expect, test } from 'vitest';
import { openTestStore } from '../../store/testing/open-test-store.ts';
import { checkBooks } from '../testing/check-books.ts';
import { dumpStore } from '../testing/dump-store.ts';
import { addBin } from '../testing/sample-town.ts';
import { findTestData } from '../testing/test-data.ts';
import { DTU_FORMAT } from './formats/dtu.ts';
import { createWyndhamFormat, WYNDHAM_TIME_ZONE } from './formats/wyndham.ts';
import { importFile } from './import-file.ts';
import { NOON } from './read-time.ts';
import { DeviceRegistrar } from './register-devices.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const now = (): number => NOW_MS;

const WYNDHAM_FILE = 'wyndham/fill-levels.csv';
const wyndham = findTestData(WYNDHAM_FILE);

describe.skipIf(wyndham === undefined)(`Wyndham's bins (SKIPPED without ${WYNDHAM_FILE})`, () => {
  const file = wyndham ?? '';
  const format = createWyndhamFormat({ timeZone: WYNDHAM_TIME_ZONE, timeOfDay: NOON });

  test('are all stored, once; their repetitions and contradictions are counted', async () => {
    await using opened = await openTestStore();
    const { store } = opened;
    const bins = new Set<string>();
    for await (const { deviceId } of format.read(file, () => {})) {
      if (deviceId !== undefined) bins.add(deviceId);
    }
    for (const id of bins) await addBin(store, id);
    const registrar = new DeviceRegistrar(store, { geometry: null, now });
    const beforeBatch = registrar.prepare.bind(registrar);
    const report = await importFile(store, { file, format, now, beforeBatch });
    // Counted by other means: 31,427 rows, of which 30,661 differ from each other.
    expect(report).toMatchObject({
      ...{ records: 31_427, stored: 30_661, duplicate: 766, quarantined: {}, devices: 33 },
      ...{ firstAt: '2018-06-26T02:00:00.000Z', lastAt: '2021-05-03T02:00:00.000Z' },
      reasons: { ALERT: 1_443, FULLNESS: 4_208, NOT_READY: 25_776 },
      ...{ badRows: { count: 0 }, surplus: { binDays: 160, rows: 768 } },
    });
    expect(
      report.surplus.contradicting.map(({ deviceId, day, rows }) => [deviceId, day, rows]),
    ).toEqual([
      ['1511205', '24-01-2019', 13],
      ['1511203', '30-01-2019', 6],
    ]);
    await checkBooks(store, 31_427);
    const levels = await store.db
      .selectFrom('bin_states')
      .select(['bin_id', 'fill_percent'])
      .execute();
    expect(levels).toHaveLength(33);
    // The last row of the file.
    expect(levels).toContainEqual({ bin_id: '1511221', fill_percent: 0 });
    expect(levels).toContainEqual({ bin_id: '1511220', fill_percent: 80 });
    const dump = await dumpStore(store);
    const again = await importFile(store, { file, format, now, beforeBatch });
    expect(again).toMatchObject({ records: 31_427, earlier: 31_427, stored: 0, duplicate: 0 });
    expect(await dumpStore(store)).toBe(dump);
    await checkBooks(store, 31_427);
  }, 120_000);
});

/**
 * Receptions, frames, and how many minutes apart the device sends. A frame is heard again within 40 ms, if at all; the next
 * comes 9 s later at the earliest.
 */
const DTU = [
  { file: 'dtu/s101.json', device: '02014101', receptions: 685, frames: 672, minutes: 32 },
  { file: 'dtu/s102.json', device: '02014102', receptions: 323, frames: 314, minutes: 64 },
  { file: 'dtu/s103.json', device: '02014103', receptions: 493, frames: 483, minutes: 32 },
  { file: 'dtu/s104.json', device: '02014104', receptions: 343, frames: 329, minutes: 64 },
] as const;

describe.each(DTU)('the DTU pilot ($file)', ({ file, device, receptions, frames, minutes }) => {
  const found = findTestData(file);

  test.skipIf(found === undefined)(
    `has each frame once, and the losses that are known (SKIPPED without ${file})`,
    async () => {
      await using opened = await openTestStore();
      const { store } = opened;
      await addBin(store, device);
      const geometry = {
        shape: 'prism',
        emptyDistanceMm: 800,
        fullDistanceMm: 100,
        blindZoneMm: 30,
      } as const;
      const registrar = new DeviceRegistrar(store, { geometry, now });
      const options = {
        ...{ file: found ?? '', format: DTU_FORMAT, now },
        beforeBatch: registrar.prepare.bind(registrar),
      };
      expect(await importFile(store, options)).toMatchObject({
        ...{ records: receptions, stored: frames, duplicate: receptions - frames, quarantined: {} },
        badRows: { count: 0 },
      });
      await checkBooks(store, receptions);
      const times = await store.db
        .selectFrom('readings')
        .select(['observed_at', 'distance_mm', 'bin_id'])
        .orderBy('observed_at')
        .execute();
      expect(times).toHaveLength(frames);
      expect(
        times.every(({ distance_mm, bin_id }) => distance_mm !== null && bin_id === device),
      ).toBe(true);
      const spanMs = (times.at(-1)?.observed_at ?? 0) - (times[0]?.observed_at ?? 0);
      const delivered = frames / (spanMs / (minutes * 60_000));
      // Published: 47 to 75 % of what was sent.
      expect(delivered).toBeGreaterThan(0.46);
      expect(delivered).toBeLessThan(0.76);
      const dump = await dumpStore(store);
      expect(await importFile(store, options)).toMatchObject({ earlier: receptions, stored: 0 });
      expect(await dumpStore(store)).toBe(dump);
    },
  );
});
