/** The cells of a row, or why there are none. `open`: a quoted cell goes on in the next line. */
export type SplitRow =
  | { readonly ok: true; readonly cells: readonly string[] }
  | { readonly ok: false; readonly reason: 'open' | 'after-quote' };

const QUOTE = '"';

/**
 * Splits a row of CSV (RFC 4180) at its delimiter, one sign. A quote within an unquoted cell is a sign like any other, since
 * descriptions have inches in them. Row by row, not with a parser of whole files: one that has lost a quote
 * takes the rest of the file for one cell, where only one row is wrong.
 */
export function splitCells(row: string, delimiter: string): SplitRow {
  const cells: string[] = [];
  for (let at = 0; ;) {
    if (row[at] !== QUOTE) {
      const end = row.indexOf(delimiter, at);
      cells.push(end === -1 ? row.slice(at) : row.slice(at, end));
      if (end === -1) return { ok: true, cells };
      at = end + 1;
      continue;
    }
    const close = findClosingQuote(row, at + 1);
    if (close === -1) return { ok: false, reason: 'open' };
    cells.push(row.slice(at + 1, close).replaceAll('""', QUOTE));
    if (close + 1 === row.length) return { ok: true, cells };
    if (row[close + 1] !== delimiter) return { ok: false, reason: 'after-quote' };
    at = close + 2;
  }
}

/** The place of the quote that is not one of two. */
function findClosingQuote(row: string, from: number): number {
  for (let at = row.indexOf(QUOTE, from); at !== -1; at = row.indexOf(QUOTE, at + 2)) {
    if (row[at + 1] !== QUOTE) return at;
  }
  return -1;
}
