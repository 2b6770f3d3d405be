import type { BinView } from './bin-view.ts';

/** The orders the list knows. */
export const BIN_SORTS = ['urgency', 'fill', 'age', 'name'] as const;
export type BinSort = (typeof BIN_SORTS)[number];

type Compare = (a: BinView, b: BinView) => number;

/** A new array in the wanted order. Ties fall to the id, so that equal bins never swap places. */
export function sortBins(views: readonly BinView[], sort: BinSort, locale: string): BinView[] {
  const compare = comparers(locale)[sort];
  return [...views].sort((a, b) => compare(a, b) || compareText(a.bin.id, b.bin.id));
}

function comparers(locale: string): Record<BinSort, Compare> {
  const names = new Intl.Collator(locale, { numeric: true });
  const byFill: Compare = (a, b) => (b.bin.fillPercent ?? -1) - (a.bin.fillPercent ?? -1);
  return {
    urgency: (a, b) => b.urgency - a.urgency || byFill(a, b),
    fill: byFill,
    // RFC 3339 in UTC sorts as text; a bin that was never measured is older than any.
    age: (a, b) => compareText(a.bin.observedAt ?? '', b.bin.observedAt ?? ''),
    name: (a, b) => names.compare(a.bin.name, b.bin.name),
  };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
