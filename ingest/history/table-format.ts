import type { BinId, DeviceId } from '../../domain/ids.ts';
import { HistoryFileError } from './history-format.ts';
import type { HistoryRecord } from './history-format.ts';
import { writeBadRow, writeReadRow } from './imported-row.ts';
import type { ReadRow, RowProblem } from './imported-row.ts';
import { readLines } from './read-lines.ts';
import { readTable } from './read-table.ts';
import type { TableRow } from './read-table.ts';

/** Cells of a row by their heading, without blanks around them. */
export type Cells = Readonly<Record<string, string>>;

/** What a format makes of a row. */
export type RowResult =
  | ({ readonly ok: true; readonly binId?: BinId } & ReadRow &
      Pick<HistoryRecord, 'reason' | 'dayValue'>)
  | {
      readonly ok: false;
      readonly reason: RowProblem;
      /** Without the line, which is added. */
      readonly detail: string;
      readonly deviceId?: DeviceId;
    };

/** A kind of table in a text file. */
export interface TableFormat {
  readonly name: string;
  readonly delimiter: string;
  /** Headings that must be there. */
  readonly columns: readonly string[];
  /** How many lines may stand before the heading; 0: the first row is it. */
  readonly mostLinesBefore: number;
  readonly readRow: (cells: Cells) => RowResult;
}

/** Reads the records of a table. Throws a {@link HistoryFileError} when its heading is not the format's. */
export async function* readTableRecords(
  file: string,
  format: TableFormat,
  onBytes: (count: number) => void,
): AsyncGenerator<HistoryRecord> {
  let headings: readonly string[] | undefined;
  let before = 0;
  for await (const row of readTable(readLines(file, onBytes), format.delimiter)) {
    if (headings !== undefined) {
      yield toRecord(format, headings, row);
      continue;
    }
    const found = row.cells?.map((cell) => cell.trim()) ?? [];
    const missing = format.columns.filter((name) => !found.includes(name));
    if (missing.length === 0) headings = checkHeadings(format, found);
    else if (before >= format.mostLinesBefore) throw noHeading(format, missing, found);
    before += 1;
  }
  if (headings === undefined) throw noHeading(format, format.columns, []);
}

function checkHeadings({ columns }: TableFormat, found: readonly string[]): readonly string[] {
  const twice = columns.find((name) => found.indexOf(name) !== found.lastIndexOf(name));
  if (twice === undefined) return found;
  throw new HistoryFileError(`the heading has the column "${twice}" twice`);
}

/** More of a heading that is none does not help. */
const MOST_HEADINGS_SHOWN = 12;

function noHeading(
  format: TableFormat,
  missing: readonly string[],
  found: readonly string[],
): HistoryFileError {
  const wanted = missing.map((name) => `"${name}"`).join(', ');
  const shown = found.slice(0, MOST_HEADINGS_SHOWN).map((name) => name.slice(0, 40));
  const there =
    format.mostLinesBefore > 0 || shown.length === 0 ? '' : `; it has ${shown.join(', ')}`;
  return new HistoryFileError(
    `it has no heading of the format ${format.name}: ${wanted} is missing${there}`,
  );
}

function toRecord(
  format: TableFormat,
  headings: readonly string[],
  { line, text, cells, problem }: TableRow,
): HistoryRecord {
  if (cells === undefined) {
    const detail = `line ${line}: ${problem ?? 'cannot be split'}`;
    const reason = detail.endsWith('UTF-8') ? 'bad-encoding' : 'wrong-type';
    return { line, ...writeBadRow(format.name, text, { reason, detail }), problem: detail };
  }
  if (cells.length !== headings.length) {
    const detail = `line ${line}: has ${cells.length} cells where the heading has ${headings.length}`;
    const bad = writeBadRow(format.name, text, { reason: 'wrong-type', detail });
    return { line, ...bad, problem: detail };
  }
  const raw = byHeading(headings, cells, (cell) => cell);
  const result = format.readRow(byHeading(headings, cells, (cell) => cell.trim()));
  if (!result.ok) {
    const { reason, deviceId } = result;
    const detail = `line ${line}: ${result.detail}`;
    const bad = writeBadRow(format.name, raw, { reason, detail }, deviceId);
    return { line, ...bad, problem: detail, ...(deviceId !== undefined && { deviceId }) };
  }
  const { ok: _, measurement, binId, reason, dayValue, ...read } = result;
  const isLevel = measurement.fillPercent !== undefined || measurement.distanceMm !== undefined;
  return {
    line,
    ...writeReadRow(format.name, raw, { ...read, measurement }),
    ...read,
    ...(binId !== undefined && { binId }),
    ...(reason !== undefined && { reason }),
    ...(dayValue !== undefined && { dayValue }),
    ...(!isLevel && { withoutLevel: true }),
  };
}

/** Null prototype: a heading may be any text. */
function byHeading(
  headings: readonly string[],
  cells: readonly string[],
  change: (cell: string) => string,
): Record<string, string> {
  const row: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [index, heading] of headings.entries()) {
    // Columns without a heading are kept by their place.
    row[heading === '' ? `column ${index + 1}` : heading] = change(cells[index] ?? '');
  }
  return row;
}
