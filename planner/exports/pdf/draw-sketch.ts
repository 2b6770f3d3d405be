import { lineOf, placedEntries } from '../positions.ts';
import type { PlacedEntry } from '../positions.ts';
import type { SheetRoute } from '../run-sheet.ts';
import { fitInto, scaleBar } from './sketch-frame.ts';
import type { Box, Frame } from './sketch-frame.ts';

const PADDING = 14;
/** Beyond this many stops only every fifth is numbered. */
const MOST_NUMBERS = 60;
const INK = '#000000';

/** Draws a route as lines and dots, without a map: the shape, the order, the tips, a scale. Draws nothing without positions. */
export function drawSketch(
  document: PDFKit.PDFDocument,
  route: SheetRoute,
  { box, colour }: { readonly box: Box; readonly colour: string },
): void {
  const entries = placedEntries(route);
  const line = lineOf(route);
  if (entries.length === 0) return;
  const frame = fitInto([...entries.map(({ position }) => position), ...line], {
    x: box.x + PADDING,
    y: box.y + PADDING,
    width: box.width - 2 * PADDING,
    height: box.height - 2 * PADDING,
  });
  document.save();
  document.rect(box.x, box.y, box.width, box.height).lineWidth(0.5).stroke('#999999');
  document.rect(box.x, box.y, box.width, box.height).clip();
  line.forEach((position, index) => {
    const [x, y] = frame.place(position);
    if (index === 0) document.moveTo(x, y);
    else document.lineTo(x, y);
  });
  document.lineWidth(1.5).lineJoin('round').stroke(colour);
  const stops = route.totals.stops;
  for (const entry of entries) drawPlace(document, entry, { frame, stops, colour });
  drawScale(document, frame, box);
  document.restore();
}

function drawPlace(
  document: PDFKit.PDFDocument,
  { kind, position, stop }: PlacedEntry,
  {
    frame,
    stops,
    colour,
  }: { readonly frame: Frame; readonly stops: number; readonly colour: string },
): void {
  const [x, y] = frame.place(position);
  if (kind === 'start' || kind === 'end') document.rect(x - 4, y - 4, 8, 8).fill(INK);
  if (kind === 'disposal') document.polygon([x, y - 5], [x - 5, y + 4], [x + 5, y + 4]).fill(INK);
  if (stop === null) return;
  document.circle(x, y, 2.5).fillAndStroke('#ffffff', colour);
  if (stops > MOST_NUMBERS && stop.number % 5 !== 0 && stop.number !== 1) return;
  document.font('Helvetica').fontSize(6).fillColor(INK);
  document.text(String(stop.number), x + 3, y - 7, { lineBreak: false });
}

function drawScale(document: PDFKit.PDFDocument, frame: Frame, box: Box): void {
  const metres = scaleBar(frame, 80);
  const [x, y] = [box.x + 6, box.y + box.height - 6];
  const end = x + metres * frame.pointsPerMetre;
  document
    .moveTo(x, y - 3)
    .lineTo(x, y)
    .lineTo(end, y)
    .lineTo(end, y - 3)
    .lineWidth(0.8)
    .stroke(INK);
  const text = metres >= 1000 ? `${metres / 1000} km` : `${metres} m`;
  document
    .font('Helvetica')
    .fontSize(6)
    .fillColor(INK)
    .text(text, x + 3, y - 9, { lineBreak: false });
}
