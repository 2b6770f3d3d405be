import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanText } from './clean-text.ts';
import { toCsv, toSwedishCsv } from './csv.ts';
import { formulaSafe } from './formula-safe.ts';
import { nastyName, nastySheet } from './testing/nasty-names.ts';
import { sampleSheet } from './testing/sample-sheet.ts';

type Record = { readonly [column: string]: string };

function read(text: string, delimiter: string): Record[] {
  // Safe: with a heading the parser gives an object of texts for each row.
  return parse(text, { delimiter, columns: true, bom: true }) as Record[];
}

test('every line of the list is a row, with its level, age and reason', () => {
  const rows = read(toCsv(sampleSheet(), 'en'), ',');
  expect(rows.map(({ kind }) => kind)).toEqual(['Start', 'Stop', 'Break', 'Stop', 'Unload', 'End']);
  expect(rows[1]).toMatchObject({
    ...{ date: '2026-11-25', vehicle: 'Bil 1', number: '1', arrival: '06:05', name: 'Storgatan 5' },
    ...{ address: 'Storgatan 5, 151 72 Södertälje', stream: 'paper', why: 'full' },
    ...{ 'fill percent': '92.4', 'level age minutes': '25', litres: '600', kg: '50' },
    ...{ access: 'Nyckel 7; kod =1234', lat: '59.1955', lng: '17.6253' },
    'load after litres': '600',
  });
  expect(rows[3]).toMatchObject({ 'fill percent': '', level: 'level unknown', begins: '07:00' });
});

test('RFC 4180: every line ends with CRLF, and a cell with a comma, a quote or a line break is quoted', () => {
  const text = toCsv(nastySheet(['a,b', 'c"d', 'e\nf', 'g\rh']), 'en');
  expect(text.endsWith('\r\n')).toBe(true);
  expect(text).toContain('"a,b"');
  expect(text).toContain('"c""d"');
  expect(text).toContain('"e\nf"');
  expect(text).toContain('"g\rh"');
  expect(text.startsWith('date,')).toBe(true);
});

test('a Swedish Excel gets semicolons, decimal commas and a byte order mark', () => {
  const text = toSwedishCsv(sampleSheet());
  expect(text.charCodeAt(0)).toBe(0xfeff);
  const rows = read(text, ';');
  expect(rows[1]).toMatchObject({ fraktion: 'papper', 'fyllnad procent': '92,4', lat: '59,1955' });
  expect(rows[3]).toMatchObject({ liter: '500,5', varför: 'på vägen' });
});

test.each(['=1+1', '+1', '-1', '@A1', '\t=1', '\0=1', '\r=1', ' =1', '＝1', "=cmd|'/c calc'!A0"])(
  'a text that begins like a formula is told to be a text: %j',
  (text) => {
    expect(formulaSafe(text)).toBe(`'${cleanText(text)}`);
  },
);

test.each(['Storgatan 5', 'a=1', '5-7', "'=1", ''])('any other text stays: %j', (text) => {
  expect(formulaSafe(text)).toBe(text);
});

test('numbers stay numbers, also south of the equator and west of Greenwich', () => {
  const [, row] = read(toCsv(nastySheet(['x']), 'en'), ',');
  expect(row).toMatchObject({ lat: '-33', lng: '-70' });
});

test('whatever the names are, each cell comes back as it is, and none begins like a formula', () => {
  fc.assert(
    fc.property(fc.array(nastyName(), { minLength: 1, maxLength: 4 }), (names) => {
      for (const [text, delimiter, column] of [
        [toCsv(nastySheet(names), 'en'), ',', 'name'],
        [toSwedishCsv(nastySheet(names)), ';', 'namn'],
      ] as const) {
        const rows = read(text, delimiter);
        const stops = rows.slice(1, -1);
        expect(stops.map((row) => row[column])).toEqual(names.map(formulaSafe));
        const numbers = new Set(['lat', 'lng']);
        const cells = rows.flatMap((row) =>
          Object.entries(row).flatMap(([name, cell]) => (numbers.has(name) ? [] : [cell])),
        );
        expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
      }
    }),
    { numRuns: 40 },
  );
});
