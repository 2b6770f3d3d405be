import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NOON } from '../read-time.ts';
import { documentOf, HistoryFiles, readAll } from '../testing/history-files.ts';
import { createWyndhamFormat, WYNDHAM_TIME_ZONE } from './wyndham.ts';

const HEADING = 'Bin ID,Fullness,fullnessThreshold,timestamp,reason';
const FORMAT = createWyndhamFormat({ timeZone: WYNDHAM_TIME_ZONE, timeOfDay: NOON });

let files: HistoryFiles;
beforeEach(() => {
  files = new HistoryFiles();
});
afterEach(() => files[Symbol.dispose]());

describe('rows of Wyndham', () => {
  test('are levels in tenths at noon of their day', async () => {
    const file = files.write('w.csv', [HEADING, '77001,8,6,13-08-2018,FULLNESS\r']);
    const [record] = await readAll(FORMAT, file);
    expect(record).toMatchObject({
      line: 2,
      topic: 'import/wyndham/77001',
      deviceId: '77001',
      observedAtMs: Date.UTC(2018, 7, 13, 2),
      reason: 'FULLNESS',
    });
    expect(record && documentOf(record)).toEqual({
      format: 'wyndham',
      row: {
        ...{ 'Bin ID': '77001', Fullness: '8', fullnessThreshold: '6' },
        ...{ timestamp: '13-08-2018', reason: 'FULLNESS' },
      },
      read: { deviceId: '77001', observedAt: '2018-08-13T02:00:00.000Z', fillPercent: 80 },
    });
  });

  test('that cannot be read are named with their line, and kept', async () => {
    const rows = [
      '77001,11,6,13-08-2018,FULLNESS',
      '77001,8,6,31-02-2019,FULLNESS',
      ',8,6,13-08-2018,FULLNESS',
      '77 001,8,6,13-08-2018,FULLNESS',
      '77001,8,6',
      '77001,"8,6,13-08-2018,FULLNESS',
    ];
    const records = await readAll(FORMAT, files.write('w.csv', [HEADING, ...rows]));
    expect(records.map(({ problem }) => problem)).toEqual([
      'line 2: Fullness "11" is not a number from 0 to 10',
      'line 3: timestamp "31-02-2019" is not a day written DD-MM-YYYY',
      'line 4: Bin ID is empty',
      'line 5: Bin ID "77 001" is not 1 to 64 letters, digits, dots, underscores or hyphens',
      'line 6: has 3 cells where the heading has 5',
      'line 7: a quote is opened and never closed',
    ]);
    expect(records.map(documentOf)).toMatchObject([
      { row: { Fullness: '11' }, problem: { reason: 'wrong-type' } },
      { problem: { reason: 'clock' } },
      { problem: { reason: 'no-identity' } },
      { problem: { reason: 'bad-id' } },
      { row: '77001,8,6', problem: { reason: 'wrong-type' } },
      { row: rows[5], problem: { reason: 'wrong-type' } },
    ]);
  });

  test('are not looked for under another heading', async () => {
    const file = files.write('w.csv', ['Bin,Fullness,timestamp,reason', '77001,8,13-08-2018,AGE']);
    await expect(readAll(FORMAT, file)).rejects.toThrow(
      'it has no heading of the format wyndham: "Bin ID", "fullnessThreshold" is missing; it has Bin, Fullness, timestamp, reason',
    );
  });
});
