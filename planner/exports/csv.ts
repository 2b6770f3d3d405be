import { stringify } from 'csv-stringify/sync';
import { formulaSafe } from './formula-safe.ts';
import type { RunSheet } from './run-sheet.ts';
import { COLUMNS, tableRows } from './table.ts';
import type { Cell } from './table.ts';
import type { Language } from './words.ts';
import { WORDS } from './words.ts';

interface Dialect {
  readonly delimiter: string;
  readonly decimal: string;
  /** Without it Excel takes UTF-8 for its own code page. */
  readonly bom: boolean;
}

const RFC_4180: Dialect = { delimiter: ',', decimal: '.', bom: false };
/** What Excel expects where the comma is the decimal sign, as in Swedish Windows. */
const SWEDISH_EXCEL: Dialect = { delimiter: ';', decimal: ',', bom: true };

/** CSV as RFC 4180 has it: commas, CRLF, quotes where needed; UTF-8. */
export function toCsv(sheet: RunSheet, language: Language): string {
  return write(sheet, language, RFC_4180);
}

/** CSV that opens in a Swedish Excel by a double click: semicolons, decimal commas, a byte order mark. */
export function toSwedishCsv(sheet: RunSheet): string {
  return write(sheet, 'sv', SWEDISH_EXCEL);
}

function write(sheet: RunSheet, language: Language, { delimiter, decimal, bom }: Dialect): string {
  const heading = COLUMNS.map((column) => column.heading[language]);
  const rows = tableRows(sheet, WORDS[language]).map((cells) =>
    cells.map((cell) => cellText(cell, decimal)),
  );
  return stringify([heading, ...rows], {
    ...{ delimiter, bom, record_delimiter: '\r\n' },
    // A line break of any kind and a tab end a cell in some readers.
    quoted_match: /[\r\n\t]/,
  });
}

function cellText(cell: Cell, decimal: string): string {
  if (cell === null) return '';
  if (cell.kind === 'number') return String(cell.value).replace('.', decimal);
  return cell.kind === 'time' ? cell.text : formulaSafe(cell.text);
}
