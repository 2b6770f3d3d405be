import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { documentOf, HistoryFiles, readAll } from '../testing/history-files.ts';
import { BIGBELLY_DATE_FORMAT, createBigbellyCleanFormat } from './bigbelly-clean.ts';

const ABOVE = [
  'Account: Anytown,,,,,,,',
  'User: Somebody,,,,,,,',
  'Generated On: 02/24/2026,,,,,,,',
  'For Time Period: January 1  2025 - February 20  2026,,,,,,,',
  'Filters: ,,,,,,,',
  'Streams: All,,,,,,,',
  'Groups: All,,,,,,,',
  'Ordered Route: All,,,,,,,',
  ',,,,,,,',
  ',,,,,,,',
];
const HEADING =
  'Serial,Description,Capacity,Stream Type,Reason,Fullness Level at Collection,Collection Time,Note';
const FORMAT = createBigbellyCleanFormat({
  timeZone: 'America/Los_Angeles',
  dateFormat: BIGBELLY_DATE_FORMAT,
});

let files: HistoryFiles;
beforeEach(() => {
  files = new HistoryFiles();
});
afterEach(() => files[Symbol.dispose]());

describe('collections of Bigbelly CLEAN', () => {
  test('are the levels that the crew found, below ten lines about the account', async () => {
    const rows = [
      '7700001,"Gate, north",Smart Max,Waste,Not Ready,20%,1/2/2025 7:47,-',
      '7700002,Gate,Smart Max,Waste,Fullness,100%,7/13/2025 19:12,-',
      '7700002,Gate,Smart Max,Waste,Age,0%,7/14/2025 5:00,a note',
    ];
    const records = await readAll(FORMAT, files.write('c.csv', [...ABOVE, HEADING, ...rows]));
    expect(records.map(({ line, reason }) => [line, reason])).toEqual([
      [12, 'NOT_READY'],
      [13, 'FULLNESS'],
      [14, 'AGE'],
    ]);
    expect(records.map(documentOf)).toMatchObject([
      {
        row: { Description: 'Gate, north', Reason: 'Not Ready' },
        read: { deviceId: '7700001', observedAt: '2025-01-02T15:47:00.000Z', fillPercent: 20 },
      },
      { read: { observedAt: '2025-07-14T02:12:00.000Z', fillPercent: 100 } },
      { row: { Note: 'a note' }, read: { fillPercent: 0 } },
    ]);
  });

  test('because of an alert have no level, which is no fault of the row', async () => {
    const row = '7700001,Gate,Smart Max,Waste,Alert, Alert - Unknown Fullness,1/3/2025 8:58,-';
    const [record] = await readAll(FORMAT, files.write('c.csv', [...ABOVE, HEADING, row]));
    expect(record).toMatchObject({ reason: 'ALERT', withoutLevel: true });
    expect(record).not.toHaveProperty('problem');
    expect(record && documentOf(record)).toMatchObject({
      read: { deviceId: '7700001', observedAt: '2025-01-03T16:58:00.000Z' },
    });
  });

  test('without a level and without an alert are refused', async () => {
    const row = '7700001,Gate,Smart Max,Waste,Age,unknown,1/3/2025 8:58,-';
    const [record] = await readAll(FORMAT, files.write('c.csv', [...ABOVE, HEADING, row]));
    expect(record?.problem).toBe(
      'line 12: Fullness Level at Collection "unknown" is not a percentage',
    );
  });

  test('are not looked for where the heading comes later or not at all', async () => {
    const file = files.write('c.csv', [...ABOVE, ...ABOVE, HEADING]);
    await expect(readAll(FORMAT, file)).rejects.toThrow(/no heading of the format bigbelly-clean/);
    await expect(readAll(FORMAT, files.write('e.csv', ''))).rejects.toThrow(/no heading/);
  });
});
