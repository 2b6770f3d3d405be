import { CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { errorText } from '../exit-codes.ts';
import type { Bin } from '../../store/bins.ts';
import { BIN_COLUMNS, describeUnknownColumn, isBinColumn, toFields } from './bin-record.ts';
import type { BinColumn, BinFields, FieldsResult, FileMistake } from './bin-record.ts';

const NUMBERS: ReadonlySet<BinColumn> = new Set([
  'lat',
  'lng',
  'volume_litres',
  'threshold_percent',
]);

/**
 * Reads bins from CSV: a heading, then one bin a row, separated by commas, semicolons (a Swedish Excel) or tabs. A byte
 * order mark is passed over. Rows are counted as spreadsheets do: the heading is row 1.
 */
export function readCsv(text: string): FieldsResult {
  const delimiter = detectDelimiter(text);
  const rows = parseRows(text, delimiter);
  if (typeof rows === 'string') return { ok: false, mistakes: [{ message: rows }] };
  const [heading = [], ...body] = rows;
  const columns = heading.map((name) => name.trim().toLowerCase());
  const mistakes = findHeadingMistakes(columns);
  const items: { where: string; fields: BinFields }[] = [];
  for (const [index, row] of body.entries()) {
    if (row.every((cell) => cell.trim() === '')) continue;
    const where = `row ${index + 2}`;
    if (row.length !== columns.length) {
      const message = `has ${row.length} cells where the heading has ${columns.length}`;
      mistakes.push({ where, message });
      continue;
    }
    items.push({ where, fields: toRowFields(columns, row, delimiter) });
  }
  return mistakes.length === 0 ? { ok: true, items } : { ok: false, mistakes };
}

/** Writes bins as CSV (RFC 4180) in UTF-8 with commas. Texts stay exactly as they are. */
export function writeCsv(bins: readonly Bin[]): string {
  const rows = bins.map((bin) => {
    const fields = toFields(bin);
    return BIN_COLUMNS.map((column) => fields[column] ?? '');
  });
  return stringify([[...BIN_COLUMNS], ...rows], {
    record_delimiter: '\r\n',
    quoted_match: /[\n\t]/,
  });
}

/** The separator that the heading has most of. */
function detectDelimiter(text: string): string {
  const heading = text.slice(0, text.search(/[\r\n]|$/));
  const count = (separator: string): number => heading.split(separator).length - 1;
  const [best = ','] = [',', ';', '\t'].toSorted((a, b) => count(b) - count(a));
  return best;
}

/** Returns the rows, or what is wrong. */
function parseRows(text: string, delimiter: string): string[][] | string {
  try {
    // Safe: without the option `columns` the parser gives each row as a list of texts.
    return parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      record_delimiter: ['\r\n', '\n', '\r'],
    }) as string[][];
  } catch (error) {
    if (error instanceof CsvError) return `is not CSV: ${errorText(error)}`;
    throw error;
  }
}

function findHeadingMistakes(columns: readonly string[]): FileMistake[] {
  if (columns.length === 0) return [{ message: 'is empty; the first row names the columns' }];
  return columns.flatMap((field, index): FileMistake[] => {
    const place = { where: 'row 1', field };
    if (!isBinColumn(field)) return [{ ...place, message: describeUnknownColumn(field) }];
    if (columns.indexOf(field) < index) return [{ ...place, message: 'is there twice' }];
    return [];
  });
}

function toRowFields(
  columns: readonly string[],
  row: readonly string[],
  delimiter: string,
): BinFields {
  const fields: Partial<Record<BinColumn, string | number>> = {};
  for (const [index, column] of columns.entries()) {
    const cell = (row[index] ?? '').replaceAll('\r\n', '\n');
    if (!isBinColumn(column) || cell.trim() === '') continue;
    fields[column] = NUMBERS.has(column) ? readNumber(cell.trim(), delimiter) : cell;
  }
  return fields;
}

/** The number, or the text as it is when it is none. With semicolons between the cells, a comma is the decimal sign. */
function readNumber(cell: string, delimiter: string): number | string {
  const text = delimiter === ';' ? cell.replace(',', '.') : cell;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : cell;
}
