/** The rows to draw out of many, all of one height. */
export interface RowWindow {
  readonly first: number;
  /** One past the last row. */
  readonly end: number;
}

/** Rows drawn above and below the visible ones, so that a quick scroll meets no gap. */
const OVERSCAN_ROWS = 6;

/**
 * The rows that a scroll position shows. A position beyond the end, as in a list that has just become shorter, shows
 * the last rows; one before the start, as when a finger pulls past it, the first.
 */
export function windowOf(
  count: number,
  rowHeight: number,
  scrollTop: number,
  height: number,
): RowWindow {
  const top = Math.max(0, Math.min(scrollTop, count * rowHeight - height));
  const first = Math.max(0, Math.floor(top / rowHeight) - OVERSCAN_ROWS);
  const end = Math.min(count, Math.ceil((top + height) / rowHeight) + OVERSCAN_ROWS);
  return { first, end };
}

/** The scroll position that brings a row into view with the least movement. */
export function scrollToRow(
  index: number,
  rowHeight: number,
  scrollTop: number,
  height: number,
): number {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  return top + rowHeight > scrollTop + height ? top + rowHeight - height : scrollTop;
}
