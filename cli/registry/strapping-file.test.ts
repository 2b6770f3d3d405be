import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readStrappingFile } from './strapping-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tunna-strapping-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function read(text: string) {
  const file = path.join(folder, 'table.csv');
  writeFileSync(file, text);
  return readStrappingFile(file);
}

const TABLE = [
  { heightMm: 0, litres: 0 },
  { heightMm: 500, litres: 120.5 },
];

test.each([
  'height_mm,litres\n0,0\n500,120.5\n',
  '\uFEFFHeight_mm;Litres\r\n0;0\r\n500;120,5\r\n;\r\n',
])('a table is read as people and spreadsheets write it: %j', (text) => {
  expect(read(text)).toEqual(TABLE);
});

test.each([
  ['', /must begin with the heading height_mm,litres/],
  ['litres;height_mm\n0;0\n', /must begin with the heading height_mm;litres/],
  ['height_mm,litres\n0,0\n500,x\n', /row 3 must have two numbers, got "500,x"/],
  ['height_mm,litres\n0,0\n-5,1\n', /row 3 must have two numbers/],
  ['height_mm,litres\n0,0\n500,1,2\n', /row 3 must have two numbers/],
  ['height_mm,litres\n0\n', /row 2 must have two numbers/],
  ['height_mm,litres\n0,0\n"', /is not CSV/],
])('what is no table is refused with what is wrong: %j', (text, message) => {
  expect(() => read(text)).toThrow(message);
});

test('a file that is not there is named', () => {
  expect(() => readStrappingFile(path.join(folder, 'none.csv'))).toThrow(
    /none\.csv cannot be read/,
  );
});
