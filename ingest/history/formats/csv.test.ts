import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NOON } from '../read-time.ts';
import { documentOf, HistoryFiles, readAll } from '../testing/history-files.ts';
import { createCsvFormat } from './csv.ts';
import type { CsvOptions } from './csv.ts';

const BASE: CsvOptions = {
  columns: { device: 'Sensor', time: 'When', fill: 'Level' },
  fillScale: 'percent',
  time: { dateFormat: 'rfc3339', timeOfDay: NOON },
  delimiter: ',',
  decimalComma: false,
};
const AT = '2024-05-01T10:00:00Z';

let files: HistoryFiles;
beforeEach(() => {
  files = new HistoryFiles();
});
afterEach(() => files[Symbol.dispose]());

async function readRows(
  options: Partial<CsvOptions>,
  lines: readonly string[],
): Promise<unknown[]> {
  const format = createCsvFormat({ ...BASE, ...options });
  return (await readAll(format, files.write('t.csv', lines))).map(documentOf);
}

describe('a table with mapped columns', () => {
  test.each([
    ['percent', '40', 40],
    ['ratio', '0.07', 7],
    ['tenths', '4', 40],
    ['remaining-percent', '40', 60],
    ['remaining-ratio', '0.25', 75],
  ] as const)('reads fills as %s', async (fillScale, cell, fillPercent) => {
    const rows = await readRows({ fillScale }, ['Sensor,When,Level', `dev-1,${AT},${cell}`]);
    expect(rows).toMatchObject([{ read: { deviceId: 'dev-1', fillPercent } }]);
  });

  test('reads distances, temperatures, batteries and bins, and leaves out what is empty', async () => {
    const options: Partial<CsvOptions> = {
      columns: {
        ...{ device: 'Sensor', bin: 'Place', time: 'When', distance: 'Dist' },
        ...{ temperature: 'T', battery: 'Bat', voltage: 'U' },
      },
      distanceUnit: 'cm',
      delimiter: ';',
      decimalComma: true,
      time: { dateFormat: 'DD.MM.YYYY HH:mm', timeZone: 'Europe/Stockholm', timeOfDay: NOON },
    };
    const lines = [
      'When;Place;Sensor;Dist;T;Bat;U;More',
      '01.05.2024 12:00;bin-9;dev-1;52,5;-1,5;;3,6;x',
    ];
    const format = createCsvFormat({ ...BASE, ...options });
    const [record] = await readAll(format, files.write('t.csv', lines));
    expect(record).toMatchObject({ deviceId: 'dev-1', binId: 'bin-9' });
    expect(record && documentOf(record)).toEqual({
      format: 'csv',
      row: {
        ...{ When: '01.05.2024 12:00', Place: 'bin-9', Sensor: 'dev-1', Dist: '52,5' },
        ...{ T: '-1,5', Bat: '', U: '3,6', More: 'x' },
      },
      read: {
        ...{ deviceId: 'dev-1', observedAt: '2024-05-01T10:00:00.000Z' },
        ...{ distanceMm: 525, temperatureC: -1.5, batteryV: 3.6 },
      },
    });
  });

  test('refuses numbers of another kind, and rows without any value', async () => {
    const lines = ['Sensor,When,Level', `dev-1,${AT},40 l`, `dev-1,${AT},`, `dev-1,${AT},0x10`];
    expect(await readRows({}, lines)).toMatchObject([
      { problem: { reason: 'wrong-type', detail: 'line 2: Level "40 l" is not a number' } },
      { problem: { reason: 'no-level', detail: 'line 3: all its values are empty' } },
      { problem: { reason: 'wrong-type' } },
    ]);
  });

  test('takes a percent sign where the scale is in percent only', async () => {
    const lines = ['Sensor,When,Level', `dev-1,${AT},40 %`];
    expect(await readRows({}, lines)).toMatchObject([{ read: { fillPercent: 40 } }]);
    expect(await readRows({ fillScale: 'ratio' }, lines)).toMatchObject([
      { problem: { detail: 'line 2: Level "40 %" is not a number' } },
    ]);
  });

  test('does not take a point for a decimal comma', async () => {
    const lines = ['Sensor;When;Level', `dev-1;${AT};1.234`];
    expect(await readRows({ decimalComma: true, delimiter: ';' }, lines)).toMatchObject([
      { problem: { reason: 'wrong-type' } },
    ]);
  });

  test('is not read when a mapped column is missing or there twice', async () => {
    await expect(readRows({}, ['Sensor,When,Fill'])).rejects.toThrow(
      '"Level" is missing; it has Sensor, When, Fill',
    );
    await expect(readRows({}, ['Sensor,When,Level,Level'])).rejects.toThrow('"Level" twice');
  });

  test('may have any text for a heading', async () => {
    const columns = { device: '__proto__', time: 'constructor', fill: 'toString' };
    const rows = await readRows({ columns }, ['__proto__,constructor,toString', `dev-1,${AT},5`]);
    expect(rows).toMatchObject([{ read: { deviceId: 'dev-1', fillPercent: 5 } }]);
  });
});
