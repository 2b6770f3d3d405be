import { appendFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { binId, deviceId } from '../../domain/testing/test-ids.ts';
import type { Store } from '../../store/database.ts';
import { listDevices, saveDevices } from '../../store/devices.ts';
import { openTestStore } from '../../store/testing/open-test-store.ts';
import { checkBooks } from '../testing/check-books.ts';
import { dumpStore } from '../testing/dump-store.ts';
import { addBin, addMountedDevice, arrival } from '../testing/sample-town.ts';
import { storeArrivals } from '../store-arrivals.ts';
import type { FileReport } from './file-report.ts';
import { createMessagesFormat } from './formats/messages.ts';
import { createWyndhamFormat, WYNDHAM_TIME_ZONE } from './formats/wyndham.ts';
import { importFile } from './import-file.ts';
import type { ImportOptions } from './import-file.ts';
import { NOON } from './read-time.ts';
import { DeviceRegistrar } from './register-devices.ts';
import { HistoryFiles } from './testing/history-files.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const HEADING = 'Bin ID,Fullness,fullnessThreshold,timestamp,reason';
const FORMAT = createWyndhamFormat({ timeZone: WYNDHAM_TIME_ZONE, timeOfDay: NOON });
/** More than two batches. */
const DAYS = 1_700;

let files: HistoryFiles;
let opened: Awaited<ReturnType<typeof openTestStore>>;
let store: Store;
beforeEach(async () => {
  files = new HistoryFiles();
  opened = await openTestStore();
  ({ store } = opened);
  await addMountedDevice(store, { bin: '77001', id: '77001', model: null }, NOW_MS);
});
afterEach(async () => {
  await opened[Symbol.asyncDispose]();
  files[Symbol.dispose]();
});

function dayRow(index: number, device = '77001'): string {
  const day = new Date(Date.UTC(2010, 0, 1 + index)).toISOString().slice(0, 10);
  const written = day.split('-').reverse().join('-');
  return `${device},${(index * 2) % 12},8,${written},NOT_READY`;
}

function writeDays(count: number): string {
  const rows = Array.from({ length: count }, (_, index) => dayRow(index));
  return files.write('w.csv', [HEADING, ...rows]);
}

function run(
  file: string,
  options: Partial<ImportOptions> = {},
  into = store,
): Promise<FileReport> {
  return importFile(into, { file, format: FORMAT, now: () => NOW_MS, ...options });
}

describe('an import', () => {
  test('stores a file once; a second run changes nothing and says so', async () => {
    const file = writeDays(DAYS);
    const first = await run(file);
    expect(first).toMatchObject({
      ...{ records: DAYS, earlier: 0, stored: DAYS, duplicate: 0, quarantined: {} },
      ...{ complete: true, devices: 1, firstAt: '2010-01-01T01:00:00.000Z' },
    });
    const dump = await dumpStore(store);
    const changes = await store.db.selectFrom('changes').selectAll().execute();
    expect(await run(file)).toMatchObject({
      records: DAYS,
      earlier: DAYS,
      stored: 0,
      duplicate: 0,
    });
    expect(await dumpStore(store)).toBe(dump);
    expect(await store.db.selectFrom('changes').selectAll().execute()).toEqual(changes);
    await checkBooks(store, DAYS);
  });

  test('that is stopped goes on where it was', async () => {
    const file = writeDays(DAYS);
    const stop = new AbortController();
    const first = await run(file, { signal: stop.signal, onProgress: () => stop.abort() });
    expect(first).toMatchObject({ complete: false, records: 500, stored: 500 });
    const second = await run(file);
    expect(second).toMatchObject({
      complete: true,
      earlier: 500,
      stored: DAYS - 500,
      duplicate: 0,
    });
    await checkBooks(store, DAYS);
    await using whole = await openTestStore();
    await addMountedDevice(whole.store, { bin: '77001', id: '77001', model: null }, NOW_MS);
    await run(file, {}, whole.store);
    expect(await dumpStore(store)).toBe(await dumpStore(whole.store));
  });

  test('of a file that has grown stores what is new; the rest are duplicates', async () => {
    const file = writeDays(10);
    await run(file);
    appendFileSync(file, `${dayRow(10)}\n${dayRow(11)}\n`);
    expect(await run(file)).toMatchObject({ records: 12, earlier: 0, stored: 2, duplicate: 10 });
    await checkBooks(store, 22);
  });

  test('never changes the present', async () => {
    const atMs = NOW_MS - 60_000;
    const live = arrival({
      topic: 'bins/77001/up',
      payload: { fillPercent: 12, observedAt: new Date(atMs).toISOString() },
      receivedAtMs: NOW_MS,
    });
    await store.db.transaction().execute((trx) => storeArrivals(trx, store, [live]));
    const before = await store.db.selectFrom('bin_states').selectAll().execute();
    await run(writeDays(100));
    expect(await store.db.selectFrom('bin_states').selectAll().execute()).toEqual(before);
    const late = await store.db
      .selectFrom('readings')
      .select('late')
      .where('late', '=', 1)
      .execute();
    expect(late).toHaveLength(100);
  });

  test('does not take a row from the future for the present', async () => {
    const file = files.write('w.csv', [HEADING, '77001,8,8,01-01-2062,FULLNESS', dayRow(0)]);
    expect(await run(file)).toMatchObject({ stored: 1, quarantined: { clock: 1 } });
    const states = await store.db.selectFrom('bin_states').select('observed_at').execute();
    expect(states).toEqual([{ observed_at: Date.UTC(2010, 0, 1, 1) }]);
  });

  test('sets bad rows aside with their line, and goes on', async () => {
    const file = files.write('w.csv', [
      HEADING,
      dayRow(0),
      '77001,x,8,01-01-2011,AGE',
      'a',
      dayRow(3),
    ]);
    expect(await run(file)).toMatchObject({
      ...{ records: 4, stored: 2, quarantined: { 'wrong-type': 2 } },
      badRows: {
        count: 2,
        first: [expect.stringMatching(/^line 3: /), expect.stringMatching(/^line 4: /)],
      },
    });
    const rows = await store.db
      .selectFrom('quarantine')
      .select(['reason', 'detail', 'device_id', 'door', 'journal_seq', 'payload'])
      .orderBy('id')
      .execute();
    expect(rows).toMatchObject([
      {
        detail: 'line 3: Fullness "x" is not a number from 0 to 10',
        device_id: '77001',
        journal_seq: 3,
      },
      { detail: 'line 4: has 1 cells where the heading has 5', device_id: null, door: 'import' },
    ]);
    expect(String(rows[0]?.payload)).toContain('"Fullness":"x"');
    await checkBooks(store, 4);
  });

  test('stores nothing under a wrong heading', async () => {
    const empty = await dumpStore(store);
    await expect(run(files.write('w.csv', ['a,b', dayRow(0)]))).rejects.toThrow(/no heading/);
    await expect(run(`${files.folder}/none.csv`)).rejects.toThrow('it cannot be read');
    await expect(run(files.folder)).rejects.toThrow('it is not a file');
    expect(await dumpStore(store)).toBe(empty);
    await checkBooks(store, 0);
  });

  test('reports surplus rows of a day, and which of them contradict each other', async () => {
    const same = '77001,8,8,01-01-2011,FULLNESS';
    const other = '77001,0,8,01-01-2011,NOT_READY';
    const file = files.write('w.csv', [HEADING, same, dayRow(0), same, other, dayRow(0), same]);
    const report = await run(file);
    expect(report).toMatchObject({ stored: 3, duplicate: 3, surplus: { binDays: 2, rows: 4 } });
    expect(report.surplus.contradicting).toEqual([
      {
        ...{ deviceId: '77001', day: '01-01-2011', rows: 4 },
        values: [
          { value: '8 8 FULLNESS', line: 2, rows: 3 },
          { value: '0 8 NOT_READY', line: 5, rows: 1 },
        ],
      },
    ]);
    // Both stand, each with its row; which is the level does not depend on their order.
    const level = await store.db.selectFrom('bin_states').select('fill_percent').execute();
    await using turned = await openTestStore();
    await addMountedDevice(turned.store, { bin: '77001', id: '77001', model: null }, NOW_MS);
    await run(files.write('v.csv', [HEADING, other, dayRow(0), same]), {}, turned.store);
    expect(await turned.store.db.selectFrom('bin_states').select('fill_percent').execute()).toEqual(
      level,
    );
  });

  test('leads from each reading back to its row', async () => {
    await run(writeDays(3));
    const uplinks = await store.db.selectFrom('uplinks').selectAll().orderBy('id').execute();
    expect(uplinks).toMatchObject([
      { door: 'import', journal_seq: 2, envelope: 'imported-row', topic: 'import/wyndham/77001' },
      { journal_seq: 3 },
      { journal_seq: 4 },
    ]);
    expect(String(uplinks[1]?.payload)).toContain('"timestamp":"02-01-2010"');
  });

  test('only reads when it is tried out', async () => {
    const empty = await dumpStore(store);
    expect(await run(writeDays(5), { dryRun: true })).toMatchObject({
      records: 5,
      stored: 0,
      complete: true,
    });
    expect(await dumpStore(store)).toBe(empty);
    expect(await run(writeDays(5))).toMatchObject({ earlier: 0, stored: 5 });
  });
});

describe('devices that nobody knows', () => {
  const register = (registrar: DeviceRegistrar): Partial<ImportOptions> => ({
    beforeBatch: (records) => registrar.prepare(records),
  });
  const createRegistrar = (): DeviceRegistrar =>
    new DeviceRegistrar(store, { geometry: null, now: () => NOW_MS });

  test('wait in the quarantine, and come out of it when they are created', async () => {
    const file = files.write('w.csv', [HEADING, dayRow(0, '77002'), dayRow(1, '77002'), dayRow(0)]);
    expect(await run(file)).toMatchObject({ stored: 1, quarantined: { 'unknown-device': 2 } });
    await addBin(store, '77002');
    const registrar = createRegistrar();
    expect(await run(file, register(registrar))).toMatchObject({ earlier: 3, stored: 0 });
    expect(registrar.registrations).toEqual({
      created: [{ deviceId: deviceId('77002'), binId: binId('77002') }],
      withoutBin: [],
      resolved: 2,
    });
    const readings = await store.db
      .selectFrom('readings')
      .select('bin_id')
      .where('device_id', '=', '77002')
      .execute();
    expect(readings).toEqual([{ bin_id: '77002' }, { bin_id: '77002' }]);
    await checkBooks(store, 3);
  });

  test('come out of the quarantine although a run was cut off while they did', async () => {
    const rows = Array.from({ length: 300 }, (_, index) => dayRow(index, '77002'));
    const file = files.write('w.csv', [HEADING, ...rows]);
    await run(file);
    await addBin(store, '77002');
    const stop = new AbortController();
    const options = { geometry: null, now: () => NOW_MS };
    const first = new DeviceRegistrar(store, {
      ...{ ...options, signal: stop.signal },
      onReplay: () => stop.abort(),
    });
    expect(await run(file, { ...register(first), signal: stop.signal })).toMatchObject({
      complete: false,
    });
    expect(first.registrations.resolved).toBe(200);
    const second = createRegistrar();
    await run(file, register(second));
    expect(second.registrations).toMatchObject({ created: [], resolved: 100 });
    const readings = await store.db.selectFrom('readings').select('bin_id').execute();
    expect(readings.filter(({ bin_id }) => bin_id === '77002')).toHaveLength(300);
    await checkBooks(store, 300);
  });

  test('stay unknown without a bin, and are named', async () => {
    const registrar = createRegistrar();
    const file = files.write('w.csv', [HEADING, dayRow(0, '77003')]);
    expect(await run(file, register(registrar))).toMatchObject({
      quarantined: { 'unknown-device': 1 },
    });
    expect(registrar.registrations.withoutBin).toEqual([{ deviceId: '77003', binId: '77003' }]);
    expect((await listDevices(store)).map(({ id }) => id)).toEqual(['77001']);
  });

  test('that a run cut off left in no bin are mounted by the next', async () => {
    await addBin(store, '77005');
    await saveDevices(store, [{ id: deviceId('77005'), model: null, reportIntervalSeconds: 60 }]);
    const registrar = createRegistrar();
    await run(files.write('w.csv', [HEADING, dayRow(0, '77005')]), register(registrar));
    expect(registrar.registrations.created).toMatchObject([{ binId: '77005' }]);
    const states = await store.db.selectFrom('bin_states').select('bin_id').execute();
    expect(states).toContainEqual({ bin_id: '77005' });
    expect((await listDevices(store)).find(({ id }) => id === '77005')?.reportIntervalSeconds).toBe(
      60,
    );
  });

  test('are not created from rows that cannot be read', async () => {
    await addBin(store, '77004');
    const registrar = createRegistrar();
    await run(files.write('w.csv', [HEADING, '77004,x,8,01-01-2011,AGE']), register(registrar));
    expect(registrar.registrations.created).toEqual([]);
  });
});

describe('a replay', () => {
  const MESSAGES = createMessagesFormat({});
  const message = (minute: number, more: object = {}): string =>
    JSON.stringify({
      receivedAt: new Date(NOW_MS + minute * 60_000).toISOString(),
      topic: 'bins/77001/up',
      // Neither a time nor a number: only its arrival tells it from the next.
      payload: { fillPercent: 30 },
      ...more,
    });

  test('keeps messages apart by their arrival, and knows them again in another recording', async () => {
    const first = files.write('a.ndjson', [message(0), message(1), message(30)]);
    expect(await run(first, { format: MESSAGES })).toMatchObject({ stored: 3 });
    const dump = await dumpStore(store);
    const second = files.write('b.ndjson', ['', message(30), message(1)]);
    expect(await run(second, { format: MESSAGES })).toMatchObject({ stored: 0, duplicate: 2 });
    expect(await dumpStore(store)).toBe(dump);
  });

  test('does not take different messages of one millisecond for one', async () => {
    const other = message(0, { payload: { fillPercent: 31 } });
    const file = files.write('a.ndjson', [message(0), other]);
    expect(await run(file, { format: MESSAGES })).toMatchObject({ stored: 2, duplicate: 0 });
  });

  test('of what a journal holds changes nothing', async () => {
    const place = { door: 'mqtt', seq: 12, principal: 'gw', qos: 1, messageId: 4 };
    const live = arrival({
      ...{ topic: 'bins/77001/up', payload: { fillPercent: 30 }, receivedAtMs: NOW_MS },
      ...{ door: 'mqtt', journalSeq: 12, principal: 'gw', messageId: 4 },
    });
    await store.db.transaction().execute((trx) => storeArrivals(trx, store, [live]));
    const file = files.write('a.ndjson', [message(0, place)]);
    expect(await run(file, { format: MESSAGES })).toMatchObject({ stored: 0, duplicate: 1 });
    expect(await store.db.selectFrom('readings').selectAll().execute()).toHaveLength(1);
  });
});
