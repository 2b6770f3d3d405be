import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { readMessage } from '../read-message.ts';
import { BIGBELLY_DATE_FORMAT, createBigbellyCleanFormat } from './formats/bigbelly-clean.ts';
import { createCsvFormat } from './formats/csv.ts';
import { DTU_FORMAT } from './formats/dtu.ts';
import { createMessagesFormat } from './formats/messages.ts';
import { createWyndhamFormat, WYNDHAM_TIME_ZONE } from './formats/wyndham.ts';
import { HistoryFileError } from './history-format.ts';
import type { HistoryFormat } from './history-format.ts';
import { NOON } from './read-time.ts';
import { HistoryFiles, readAll } from './testing/history-files.ts';

/** More on request: `TUNNA_RUNS=5000`. */
const RUNS = Number(process.env['TUNNA_RUNS'] ?? 100);

const files = new HistoryFiles();
afterAll(() => files[Symbol.dispose]());

const CSV = createCsvFormat({
  columns: { device: 'd', bin: 'b', time: 't', fill: 'f', distance: 'mm' },
  ...{ fillScale: 'ratio', distanceUnit: 'm', delimiter: ';', decimalComma: true },
  time: { dateFormat: 'D.M.YYYY h:mm A', timeZone: 'Europe/Stockholm', timeOfDay: NOON },
});

/** Each format, a beginning that it accepts, and cells that it might like. */
const TABLES: readonly (readonly [HistoryFormat, string, readonly string[], string])[] = [
  [
    createWyndhamFormat({ timeZone: WYNDHAM_TIME_ZONE, timeOfDay: NOON }),
    'Bin ID,Fullness,fullnessThreshold,timestamp,reason\n',
    ['77001', '8', '10', '01-02-2019', '31-02-2019', 'AGE'],
    ',',
  ],
  [
    createBigbellyCleanFormat({ timeZone: 'UTC', dateFormat: BIGBELLY_DATE_FORMAT }),
    'Serial,Reason,Fullness Level at Collection,Collection Time\n',
    ['7700001', 'Alert', 'Age', '60%', '1/2/2025 7:47', '1/2/2025 27:47'],
    ',',
  ],
  [CSV, 'd;b;t;f;mm\n', ['dev-1', 'bin-1', '1.5.2024 8:00 AM', '0,5', '1.5', '9e99'], ';'],
];

const junk = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('"', '""', '\r'));

function rowsOf(cells: readonly string[], delimiter: string): fc.Arbitrary<string> {
  const cell = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...cells) }, junk);
  const row = fc.array(cell, { maxLength: 6 }).map((some) => some.join(delimiter));
  return fc.array(row, { maxLength: 30 }).map((rows) => rows.join('\n'));
}

/** Every record can be told to ingest, which refuses those with a problem and never throws. */
async function expectRecordsToBeMessages(format: HistoryFormat, file: string): Promise<void> {
  const records = await readAll(format, file);
  expect(records.map(({ line }) => line)).toEqual(
    records.map(({ line }) => line).toSorted((a, b) => a - b),
  );
  for (const record of records) {
    const result = readMessage({ ...record, door: 'import', receivedAtMs: Date.UTC(2030, 0) });
    if (record.problem !== undefined) expect(result.ok).toBe(false);
    if (result.ok && record.recorded === undefined) {
      expect(result.uplink.deviceId).toBe(record.deviceId);
      expect(result.uplink.observedAtMs).toBe(record.observedAtMs);
    }
    if (!result.ok) expect(result.detail).not.toBe('');
  }
}

test.each(TABLES)(
  'any rows under a heading of $name are told to ingest',
  async (format, heading, cells, delimiter) => {
    await fc.assert(
      fc.asyncProperty(rowsOf(cells, delimiter), async (rows) => {
        await expectRecordsToBeMessages(format, files.write('any.csv', heading + rows));
      }),
      { numRuns: RUNS },
    );
  },
);

test('any entries of the DTU pilot are told to ingest', async () => {
  const known = fc.record(
    {
      node_eui: fc.constantFrom('0a0b0c0d', '0A0B0C0D', '', 'ff'),
      data: fc.constantFrom('{5}', '{52}', '{}', '{99999}'),
      data_raw: fc.oneof(fc.constant('QA0MCwoAAAABAAAAAAAAAA=='), fc.base64String()),
      time: fc.constantFrom('2016-05-31T07:52:48Z', '2016-05-31T07:52:48.5Z', 'never'),
    },
    { requiredKeys: [] },
  );
  const entries = fc.array(fc.oneof({ weight: 4, arbitrary: known }, fc.jsonValue()));
  await fc.assert(
    fc.asyncProperty(entries, async (data) => {
      await expectRecordsToBeMessages(
        DTU_FORMAT,
        files.write('any.json', JSON.stringify({ data })),
      );
    }),
    { numRuns: RUNS },
  );
});

test('any lines of messages are told to ingest', async () => {
  const message = fc.record(
    {
      topic: fc.constantFrom(
        'bins/a/up',
        'import/wyndham/a',
        'import/dtu-uplink/a',
        'import',
        'v3/x',
      ),
      receivedAt: fc.oneof(fc.constant('2025-03-01T10:00:00Z'), fc.integer(), fc.string()),
      payload: fc.jsonValue(),
      payloadBase64: fc.base64String(),
      door: fc.constantFrom('mqtt', 'source-a', 'A B'),
    },
    { requiredKeys: ['topic'] },
  );
  const line = fc.oneof(
    message.map((some) => JSON.stringify(some)),
    fc.string({ unit: 'binary' }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line), async (lines) => {
      await expectRecordsToBeMessages(createMessagesFormat({}), files.write('any.ndjson', lines));
    }),
    { numRuns: RUNS },
  );
});

test('any bytes are read, or refused as a file', async () => {
  const formats = [...TABLES.map(([format]) => format), DTU_FORMAT, createMessagesFormat({})];
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 2_000 }),
      fc.constantFrom(...formats),
      async (bytes, format) => {
        try {
          await expectRecordsToBeMessages(format, files.write('any.bin', bytes));
        } catch (error) {
          if (!(error instanceof HistoryFileError)) throw error;
        }
      },
    ),
    { numRuns: RUNS },
  );
});
