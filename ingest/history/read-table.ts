import type { Line } from './read-lines.ts';
import { splitCells } from './split-cells.ts';

/** A row of a table in a text file: its cells, or what is wrong with it. */
export interface TableRow {
  /** The line it begins in. */
  readonly line: number;
  readonly text: string;
  readonly cells?: readonly string[];
  readonly problem?: string;
}

/** Cells with line breaks are notes of a few lines. A quote that is open for longer was never meant as one. */
const MOST_LINES_PER_ROW = 20;

/** Splits lines into rows. Empty lines are passed over. A row that is damaged is told as such and harms no other. */
export async function* readTable(
  lines: AsyncIterable<Line>,
  delimiter: string,
): AsyncGenerator<TableRow> {
  const source = lines[Symbol.asyncIterator]();
  const ahead: Line[] = [];
  const peek = async (index: number): Promise<Line | undefined> => {
    while (ahead.length <= index) {
      const next = await source.next();
      if (next.done === true) return undefined;
      ahead.push(next.value);
    }
    return ahead[index];
  };
  for (let first = await peek(0); first !== undefined; first = await peek(0)) {
    const { row, lineCount } = await takeRow(first, delimiter, peek);
    ahead.splice(0, lineCount);
    if (row !== undefined) yield row;
  }
}

async function takeRow(
  first: Line,
  delimiter: string,
  peek: (index: number) => Promise<Line | undefined>,
): Promise<{ readonly row: TableRow | undefined; readonly lineCount: number }> {
  const line = first.number;
  if (first.text === undefined) {
    const text = Buffer.from(first.bytes).toString('latin1').slice(0, MOST_KEPT);
    return { row: { line, text, problem: `the row ${first.problem ?? ''}` }, lineCount: 1 };
  }
  if (first.text.trim() === '') return { row: undefined, lineCount: 1 };
  let text = first.text;
  let split = splitCells(text, delimiter);
  for (let count = 1; !split.ok && split.reason === 'open' && count < MOST_LINES_PER_ROW;) {
    const next = await peek(count);
    if (next?.text === undefined) break;
    text += `\n${next.text}`;
    split = splitCells(text, delimiter);
    count += 1;
    if (split.ok) return { row: { line, text, cells: split.cells }, lineCount: count };
  }
  if (split.ok) return { row: { line, text, cells: split.cells }, lineCount: 1 };
  const problem =
    split.reason === 'open'
      ? 'a quote is opened and never closed'
      : 'there is text after a closing quote';
  return { row: { line, text: first.text.slice(0, MOST_KEPT), problem }, lineCount: 1 };
}

/** Of a row that is damaged, this much is kept: more is no row. */
const MOST_KEPT = 4_096;
