import { afterAll, describe, expect, test } from 'vitest';
import { createWyndhamFormat, WYNDHAM_TIME_ZONE } from '../../ingest/history/formats/wyndham.ts';
import { importFile } from '../../ingest/history/import-file.ts';
import type { ImportOptions } from '../../ingest/history/import-file.ts';
import { NOON } from '../../ingest/history/read-time.ts';
import { DeviceRegistrar } from '../../ingest/history/register-devices.ts';
import { HistoryFiles } from '../../ingest/history/testing/history-files.ts';
import { checkBooks } from '../../ingest/testing/check-books.ts';
import { dumpStore } from '../../ingest/testing/dump-store.ts';
import { addBin } from '../../ingest/testing/sample-town.ts';
import { DIALECTS, openDialect, stopDialects } from './dialects.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const HEADING = 'Bin ID,Fullness,fullnessThreshold,timestamp,reason';
const FORMAT = createWyndhamFormat({ timeZone: WYNDHAM_TIME_ZONE, timeOfDay: NOON });
const ROWS = 5_000;

/** Two bins, days with repetitions and contradictions, and bad rows with everything that text can hold. */
function writeHistory(files: HistoryFiles): string {
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const day = new Date(Date.UTC(2010, 0, 1 + (index % 4_000))).toISOString().slice(0, 10);
    const written =
      index % 500 === 7 ? 'a \u0000 b \u2028 \ud83d\uddd1' : day.split('-').toReversed().join('-');
    return `7700${index % 2},${(index % 6) * 2},8,${written},NOT_READY`;
  });
  return files.write('w.csv', [HEADING, ...rows]);
}

afterAll(stopDialects);

describe.each(DIALECTS)('a file of readings, on %s', (dialect) => {
  test('is taken once, whole or in parts', async () => {
    using files = new HistoryFiles();
    const file = writeHistory(files);
    await using whole = await openDialect(dialect);
    await using parts = await openDialect(dialect);
    const run = async (store: typeof whole.store, more: Partial<ImportOptions> = {}) => {
      const registrar = new DeviceRegistrar(store, { geometry: null, now: () => NOW_MS });
      const beforeBatch = registrar.prepare.bind(registrar);
      return importFile(store, { file, format: FORMAT, now: () => NOW_MS, beforeBatch, ...more });
    };
    for (const { store } of [whole, parts]) {
      await addBin(store, '77000');
      await addBin(store, '77001');
    }
    const report = await run(whole.store);
    expect(report).toMatchObject({ records: ROWS, quarantined: { clock: 10 }, complete: true });
    expect(report.stored + report.duplicate).toBe(ROWS - 10);
    const stop = new AbortController();
    await run(parts.store, { signal: stop.signal, onProgress: () => stop.abort() });
    expect(await run(parts.store)).toMatchObject({ earlier: 500, complete: true });
    const dump = await dumpStore(whole.store);
    expect(await dumpStore(parts.store)).toBe(dump);
    expect(await run(whole.store)).toMatchObject({ earlier: ROWS, stored: 0, duplicate: 0 });
    expect(await dumpStore(whole.store)).toBe(dump);
    await checkBooks(whole.store, ROWS);
    await checkBooks(parts.store, ROWS);
  });

  test('is taken once by two runs at a time; the slower one is told', async () => {
    using files = new HistoryFiles();
    const file = writeHistory(files);
    await using opened = await openDialect(dialect);
    const { store } = opened;
    const run = (into: typeof store) =>
      importFile(into, { file, format: FORMAT, now: () => NOW_MS });
    const ends = await Promise.allSettled([run(store), run(opened.open())]);
    expect(ends.some(({ status }) => status === 'fulfilled')).toBe(true);
    for (const end of ends) {
      if (end.status === 'rejected') expect(String(end.reason)).toContain('another run');
    }
    expect(await run(store)).toMatchObject({ earlier: ROWS, stored: 0 });
    await checkBooks(store, ROWS);
  });
});
