import { CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { errorText } from '../../domain/error-text.ts';
import type { Bin } from '../../store/bins.ts';
import {
  BIN_COLUMNS,
  describeUnknownColumn,
  isBinColumn,
  REQUIRED_COLUMNS,
  showValue,
  toFields,
} from './bin-record.ts';
import type { BinColumn, FieldsResult, FileItem, FileMistake } from './bin-record.ts';

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
  // Without its heading, what is said about the rows would be wrong as well.
  if (mistakes.length > 0) return { ok: false, mistakes };
  const items = body.flatMap((row, index): FileItem[] => {
    if (row.every((cell) => cell.trim() === '')) return [];
    return [readRow(row, { where: `row ${index + 2}`, columns, delimiter })];
  });
  return { ok: true, items };
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
  if (columns.every((name) => name === '')) {
    return [{ message: 'is empty; the first row names the columns' }];
  }
  const where = 'row 1';
  const wrong = columns.flatMap((field, index): FileMistake[] => {
    // Spreadsheets write empty columns at the end; they may not hold anything.
    if (field === '') return [];
    if (!isBinColumn(field)) return [{ where, field, message: describeUnknownColumn(field) }];
    if (columns.indexOf(field) < index) return [{ where, field, message: 'is there twice' }];
    return [];
  });
  const missing = REQUIRED_COLUMNS.filter((field) => !columns.includes(field));
  return [...wrong, ...missing.map((field) => ({ where, field, message: 'is missing' }))];
}

interface RowPlace {
  readonly where: string;
  readonly columns: readonly string[];
  readonly delimiter: string;
}

function readRow(row: readonly string[], { where, columns, delimiter }: RowPlace): FileItem {
  if (row.length !== columns.length) {
    const message = `has ${row.length} cells where the heading has ${columns.length}`;
    return { where, fields: undefined, mistakes: [{ message }] };
  }
  const fields: Partial<Record<BinColumn, string | number>> = {};
  const mistakes: { message: string }[] = [];
  for (const [index, column] of columns.entries()) {
    const cell = (row[index] ?? '').replaceAll('\r\n', '\n');
    if (cell.trim() === '') continue;
    if (isBinColumn(column)) {
      fields[column] = NUMBERS.has(column) ? readNumber(cell.trim(), delimiter) : cell;
    } else {
      mistakes.push({
        message: `has ${showValue(cell)} in column ${index + 1}, which has no heading`,
      });
    }
  }
  return { where, fields, mistakes };
}

/** The number, or the text as it is when it is none. With semicolons between the cells, a comma is the decimal sign. */
function readNumber(cell: string, delimiter: string): number | string {
  const text = delimiter === ';' ? cell.replace(',', '.') : cell;
  const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
  return isNumber && Number.isFinite(Number(text)) ? Number(text) : cell;
}
