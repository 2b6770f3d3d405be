import { readFileSync } from 'node:fs';
import { CsvError, parse } from 'csv-parse/sync';
import { errorText } from '../../domain/error-text.ts';
import type { StrappingRow } from '../../domain/geometry.ts';
import { EXIT, Refusal } from '../exit-codes.ts';

const HEADING = ['height_mm', 'litres'];

/**
 * Reads a strapping table from CSV: the heading `height_mm,litres`, then heights above the floor and the litres below them.
 * With semicolons between the cells, a comma is the decimal sign. Whether the table describes a bin is not judged here.
 * Throws a {@link Refusal} for a file that is not such a table.
 */
export function readStrappingFile(file: string): StrappingRow[] {
  const text = readText(file);
  const delimiter = /^[^\r\n]*;/.test(text) ? ';' : ',';
  const [heading = [], ...body] = parseRows(file, text, delimiter);
  if (heading.map((name) => name.trim().toLowerCase()).join() !== HEADING.join()) {
    throw refuse(file, `must begin with the heading ${HEADING.join(delimiter)}`);
  }
  return body.flatMap((row, index) => {
    if (row.every((cell) => cell.trim() === '')) return [];
    const [heightMm, litres, ...more] = row.map((cell) => readNumber(cell, delimiter));
    if (heightMm === undefined || litres === undefined || more.length > 0) {
      throw refuse(file, `row ${index + 2} must have two numbers, got "${row.join(delimiter)}"`);
    }
    return [{ heightMm, litres }];
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Refusal(EXIT.failure, `${file} cannot be read: ${errorText(error)}`, {
      cause: error,
    });
  }
}

function parseRows(file: string, text: string, delimiter: string): string[][] {
  try {
    // Safe: without the option `columns` the parser gives each row as a list of texts.
    return parse(text, { bom: true, delimiter, relax_column_count: true }) as string[][];
  } catch (error) {
    if (error instanceof CsvError) throw refuse(file, `is not CSV: ${errorText(error)}`);
    throw error;
  }
}

function readNumber(cell: string, delimiter: string): number | undefined {
  const text = delimiter === ';' ? cell.trim().replace(',', '.') : cell.trim();
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function refuse(file: string, what: string): Refusal {
  return new Refusal(EXIT.failure, `${file} ${what}`);
}
