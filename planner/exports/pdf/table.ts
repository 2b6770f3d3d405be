import { shorten } from '../clean-text.ts';
import { clockText } from '../day-clock.ts';
import { levelText, loadText } from '../describe-entry.ts';
import type { Entry, RunSheet } from '../run-sheet.ts';
import { streamText } from '../words.ts';
import type { Words } from '../words.ts';
import { printableText } from './printable-text.ts';

/** Longer texts would push everything else off the page. */
const MOST_CHARACTERS = 160;
const SIZE = 8;
const GAP = 4;

const WIDTHS = { number: 24, time: 60, place: 190, what: 130, litres: 50, load: 66 } as const;
type ColumnName = keyof typeof WIDTHS;
// Object.entries widens the names of a constant object to string.
const COLUMNS = Object.entries(WIDTHS) as [ColumnName, number][];

type Cells = Record<ColumnName, string>;

/** Draws the lines of a route from the current place on, over as many pages as it takes, each with the heading. */
export function drawTable(
  document: PDFKit.PDFDocument,
  sheet: RunSheet,
  { entries, words }: { readonly entries: readonly Entry[]; readonly words: Words },
): void {
  drawHeading(document, words);
  entries.forEach((entry) => {
    const cells = cellsOf(sheet, entry, words);
    const bold = entry.stop === null;
    const height = heightOf(document, cells, bold);
    if (document.y + height > document.page.maxY()) {
      document.addPage();
      drawHeading(document, words);
    }
    drawRow(document, cells, { height, bold });
  });
}

function drawHeading(document: PDFKit.PDFDocument, words: Words): void {
  const height = heightOf(document, words.columns, true);
  drawRow(document, words.columns, { height, bold: true });
}

function cellsOf(sheet: RunSheet, entry: Entry, words: Words): Cells {
  const { stop, kind, name, address, arrival, begins, loadAfter } = entry;
  const clock = (seconds: number): string => clockText(sheet.day, seconds);
  const waits = begins > arrival ? `\n${words.waitsUntil} ${clock(begins)}` : '';
  const note = stop?.accessNote ? `${words.access}: ${stop.accessNote}` : '';
  const title = stop === null ? [words.kinds[kind], name].filter(Boolean).join(': ') : name;
  return {
    number: stop === null ? '' : String(stop.number),
    time: `${clock(arrival)}${waits}`,
    place: lines(title, address, note),
    what:
      stop === null
        ? ''
        : lines(
            streamText(words, stop.stream),
            levelText(sheet, stop.level, words),
            stop.reason && `${words.reason}: ${words.reasons[stop.reason]}`,
          ),
    litres: stop === null ? '' : loadText(stop.amounts, words).replace(', ', '\n'),
    load: kind === 'start' ? '' : loadText(loadAfter, words).replace(', ', '\n'),
  };
}

function lines(...texts: readonly (string | null)[]): string {
  return texts
    .filter((text) => text !== null && text !== '')
    .map((text) => shorten(printableText(text ?? '').replaceAll(/\s+/g, ' '), MOST_CHARACTERS))
    .join('\n');
}

function heightOf(document: PDFKit.PDFDocument, cells: Cells, bold: boolean): number {
  document.font(bold ? 'Helvetica-Bold' : 'Helvetica').fontSize(SIZE);
  const heights = COLUMNS.map(([name, width]) =>
    document.heightOfString(printableText(cells[name]), { width: width - GAP }),
  );
  return Math.max(...heights) + GAP;
}

function drawRow(
  document: PDFKit.PDFDocument,
  cells: Cells,
  { height, bold }: { readonly height: number; readonly bold: boolean },
): void {
  const { x: left, y: top } = { x: document.page.margins.left, y: document.y };
  document
    .font(bold ? 'Helvetica-Bold' : 'Helvetica')
    .fontSize(SIZE)
    .fillColor('#000000');
  let x = left;
  for (const [name, width] of COLUMNS) {
    document.text(printableText(cells[name]), x, top + GAP / 2, { width: width - GAP, height });
    x += width;
  }
  document
    .moveTo(left, top + height)
    .lineTo(x, top + height)
    .lineWidth(0.3)
    .stroke('#999999');
  document.x = left;
  document.y = top + height;
}
