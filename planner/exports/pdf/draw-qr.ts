import qrcode from 'qrcode-generator';
import { ExportError } from '../export-error.ts';

/** Light cells around the code, without which readers do not find it (ISO/IEC 18004, 6.3.8). */
const QUIET_CELLS = 4;

/** Draws a link as a QR code of squares, sharp at any size. @throws ExportError when the link is none, or too long for one. */
export function drawQr(
  document: PDFKit.PDFDocument,
  link: string,
  { x, y, size }: { readonly x: number; readonly y: number; readonly size: number },
): void {
  const code = encode(link);
  const cells = code.getModuleCount();
  const cell = size / (cells + 2 * QUIET_CELLS);
  document.save();
  for (let row = 0; row < cells; row += 1) {
    for (let column = 0; column < cells; column += 1) {
      if (!code.isDark(row, column)) continue;
      document.rect(x + (column + QUIET_CELLS) * cell, y + (row + QUIET_CELLS) * cell, cell, cell);
    }
  }
  document.fill('#000000');
  document.restore();
}

function encode(link: string): ReturnType<typeof qrcode> {
  if (!URL.canParse(link)) throw new ExportError(`${link} is not a link`);
  // Level M bears a fold or a stain of 15 %.
  const code = qrcode(0, 'M');
  code.addData(new URL(link).href);
  try {
    code.make();
  } catch (cause) {
    throw new ExportError('the link is too long for a QR code', { cause });
  }
  return code;
}
