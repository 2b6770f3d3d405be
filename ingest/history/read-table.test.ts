import { afterEach, beforeEach, expect, test } from 'vitest';
import { MAX_LINE_BYTES, readLines } from './read-lines.ts';
import { readTable } from './read-table.ts';
import type { TableRow } from './read-table.ts';
import { collect, HistoryFiles } from './testing/history-files.ts';

let files: HistoryFiles;
beforeEach(() => {
  files = new HistoryFiles();
});
afterEach(() => files[Symbol.dispose]());

function rowsOf(content: string | Uint8Array): Promise<TableRow[]> {
  return collect(readTable(readLines(files.write('t.csv', content)), ','));
}

test('rows are numbered by their lines, whatever the line ends; empty lines do not count', async () => {
  const rows = await rowsOf('\ufeffa,b\r\n\r\n1,2\n3,4');
  expect(rows.map(({ line, cells }) => [line, cells])).toEqual([
    [1, ['a', 'b']],
    [3, ['1', '2']],
    [4, ['3', '4']],
  ]);
});

test('a cell may go on over some lines', async () => {
  const rows = await rowsOf('a,"one\ntwo"\nb,c\n');
  expect(rows.map(({ line, cells }) => [line, cells])).toEqual([
    [1, ['a', 'one\ntwo']],
    [3, ['b', 'c']],
  ]);
});

test('a quote that is never closed damages its own row only', async () => {
  const after = Array.from({ length: 40 }, (_, index) => `${index},x`);
  // Another one, far below, does not close it.
  const rows = await rowsOf(['a,"b', ...after, '40,"x"'].join('\n'));
  expect(rows[0]).toMatchObject({ line: 1, problem: 'a quote is opened and never closed' });
  expect(rows.slice(1).map(({ cells }) => cells?.[0])).toEqual(
    [...after, ''].map((_, at) => String(at)),
  );
});

test('bytes that are no text, and a line without end, damage their own row only', async () => {
  const broken = Buffer.from([0x61, 0x2c, 0xff, 0x0a]);
  const endless = Buffer.alloc(3 * MAX_LINE_BYTES, 'x');
  const rows = await rowsOf(
    Buffer.concat([broken, Buffer.from('1,2\n'), endless, Buffer.from('\n3,4')]),
  );
  expect(rows.map(({ line, problem }) => [line, problem])).toEqual([
    [1, 'the row is not UTF-8'],
    [2, undefined],
    [3, `the row is longer than ${MAX_LINE_BYTES} bytes`],
    [4, undefined],
  ]);
  expect(rows[3]?.cells).toEqual(['3', '4']);
});

test('characters of several bytes survive the borders between the chunks of a file', async () => {
  const row = `${'å'.repeat(50_000)},ö`;
  const rows = await rowsOf(Array.from({ length: 5 }, () => row).join('\n'));
  expect(rows).toHaveLength(5);
  expect(rows.every(({ text }) => text === row)).toBe(true);
});
