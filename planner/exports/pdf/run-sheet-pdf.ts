import PDFDocument from 'pdfkit';
import { oneLine, shorten } from '../clean-text.ts';
import { clockText, dateAt, instantMs } from '../day-clock.ts';
import { totalsText } from '../describe-entry.ts';
import { isDrawn, lineOf } from '../positions.ts';
import { routeColour } from '../route-colour.ts';
import type { RunSheet, SheetRoute } from '../run-sheet.ts';
import type { Language, Words } from '../words.ts';
import { WORDS } from '../words.ts';
import { drawQr } from './draw-qr.ts';
import { drawSketch } from './draw-sketch.ts';
import { printableText } from './printable-text.ts';
import { drawTable } from './table.ts';

const MARGIN = 36;
const SKETCH = { width: 390, height: 200 };
const QR_SIZE = 120;
const FOOTER_HEIGHT = 20;
const MOST_TITLE = 90;

export interface PdfOptions {
  readonly language: Language;
  /** Shown as a QR code beside every sketch. */
  readonly link?: string;
}

/**
 * A run sheet to print: for every route a sketch of its way, its totals and its list, on A4. Letters are those of code page
 * 1252, see `printable-text.ts`. @throws ExportError when the link fits no QR code.
 */
export async function toPdf(sheet: RunSheet, { language, link }: PdfOptions): Promise<Uint8Array> {
  const words = WORDS[language];
  const document = new PDFDocument({
    ...{ size: 'A4', bufferPages: true, lang: words.locale, autoFirstPage: false },
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + FOOTER_HEIGHT },
    info: { Title: oneLine(sheet.title), Author: 'Tunna', CreationDate: new Date(sheet.madeAtMs) },
  });
  const chunks: Uint8Array[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  document.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  document.once('end', () => resolve(Buffer.concat(chunks)));
  document.once('error', reject);
  sheet.routes.forEach((route, index) => {
    document.addPage();
    drawRoute(document, sheet, route, { words, link, colour: routeColour(index) });
  });
  drawRest(document, sheet, words);
  drawFooters(document, sheet, words);
  document.end();
  return await promise;
}

interface Look {
  readonly words: Words;
  readonly link: string | undefined;
  readonly colour: string;
}

function drawRoute(
  document: PDFKit.PDFDocument,
  sheet: RunSheet,
  route: SheetRoute,
  { words, link, colour }: Look,
): void {
  const { title, day } = sheet;
  write(document, `${words.runSheet}: ${route.vehicleName}`, { size: 16, bold: true });
  write(document, `${title}, ${day.date} (${day.timeZone})`, { size: 10 });
  write(document, totalsText(route, words), { size: 9 });
  const broken = sheet.violations.filter(({ vehicleId }) => vehicleId === route.vehicleId);
  if (broken.length > 0) {
    const kinds = [...new Set(broken.map(({ kind }) => kind))].join(', ');
    write(document, `${words.breaks}: ${kinds}`, { size: 9, bold: true });
  }
  const top = document.y + 6;
  const drawn = lineOf(route).length > 0;
  if (drawn) drawSketch(document, route, { box: { x: MARGIN, y: top, ...SKETCH }, colour });
  const qrLeft = document.page.width - MARGIN - QR_SIZE;
  if (link !== undefined) drawQr(document, link, { x: qrLeft, y: top, size: QR_SIZE });
  document.x = MARGIN;
  document.y = top + (drawn ? SKETCH.height : link === undefined ? 0 : QR_SIZE) + 2;
  if (!drawn) write(document, words.noSketch, { size: 8 });
  else if (!isDrawn(route)) write(document, words.straight, { size: 8 });
  document.moveDown(0.5);
  drawTable(document, sheet, { entries: route.entries, words });
}

/** The day's totals, and what is on no route: a page of its own, for the office. */
function drawRest(document: PDFKit.PDFDocument, sheet: RunSheet, words: Words): void {
  document.addPage();
  write(document, words.sum, { size: 16, bold: true });
  write(document, `${sheet.title}, ${sheet.day.date}`, { size: 10 });
  write(document, totalsText(sheet, words), { size: 9 });
  if (sheet.leftOut.length === 0) return;
  document.moveDown();
  write(document, `${words.leftOut}: ${sheet.leftOut.length}`, { size: 10, bold: true });
  for (const { id, name, must } of sheet.leftOut) {
    write(document, `${id}  ${name}${must ? ` (${words.mustServe})` : ''}`, { size: 8 });
  }
}

function drawFooters(document: PDFKit.PDFDocument, sheet: RunSheet, words: Words): void {
  const { start, count } = document.bufferedPageRange();
  const made = madeText(sheet);
  for (let page = 0; page < count; page += 1) {
    document.switchToPage(start + page);
    const y = document.page.height - MARGIN - 6;
    const text = printableText(`${words.made} ${made}  ·  ${words.page(page + 1, count)}`);
    document.font('Helvetica').fontSize(8).fillColor('#000000');
    document.text(text, MARGIN, y, { lineBreak: false });
  }
}

/** When the sheet was made, on the clocks of its zone. */
function madeText({ madeAtMs, day: { timeZone } }: RunSheet): string {
  const date = dateAt(madeAtMs, timeZone);
  const seconds = (madeAtMs - instantMs({ date, timeZone }, 0)) / 1000;
  return `${date} ${clockText({ date, timeZone }, seconds)}`;
}

function write(
  document: PDFKit.PDFDocument,
  text: string,
  { size, bold = false }: { readonly size: number; readonly bold?: boolean },
): void {
  const line = shorten(printableText(oneLine(text)), size > 12 ? MOST_TITLE / 2 : 2 * MOST_TITLE);
  document
    .font(bold ? 'Helvetica-Bold' : 'Helvetica')
    .fontSize(size)
    .fillColor('#000000');
  document.text(line);
}
