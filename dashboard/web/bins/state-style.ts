import type { BinState } from '../../../domain/bin-state.ts';
import { hasAlert } from './bin-view.ts';
import type { BinView } from './bin-view.ts';

/** Fill bands, each with a colour of its own. */
export type Band = 1 | 2 | 3 | 4 | 5;

/** How a bin is drawn, on the map and in the list alike. No two states differ by colour alone. */
export interface StateStyle {
  /** Colour of the filling; `null` when the level is not to be believed as the present one. */
  readonly band: Band | null;
  /** Filled height, 0 to 1. */
  readonly level: number;
  /** The level is old: drawn hatched. */
  readonly hatched: boolean;
  /** There is no level: a question mark instead of a number. */
  readonly unknown: boolean;
  /** More than the bin holds: drawn with a heap above the brim. */
  readonly heaped: boolean;
  /** Something else is wrong on site: a triangle with an exclamation mark. */
  readonly alert: boolean;
  /** Size against a bin with room left. */
  readonly scale: number;
}

/** The urgent are larger, so that they stand out where colours do not. */
const SCALES: Record<BinState, number> = {
  unknown: 1,
  stale: 1,
  ok: 1,
  full: 1.15,
  overfull: 1.25,
};

/** Band of a fill in percent: 0-24, 25-49, 50-79, 80-94, 95 and more. */
export function bandOf(fillPercent: number): Band {
  if (fillPercent >= 95) return 5;
  if (fillPercent >= 80) return 4;
  if (fillPercent >= 50) return 3;
  if (fillPercent >= 25) return 2;
  return 1;
}

/** The style of a bin as it stands. */
export function styleOf({ bin, state, reasons }: BinView): StateStyle {
  const fill = bin.fillPercent;
  const isUnknown = state === 'unknown' || fill === null;
  const isHatched = state === 'stale';
  return {
    band: isUnknown || isHatched ? null : bandOf(fill),
    level: isUnknown ? 0 : Math.min(1, Math.max(0, fill / 100)),
    hatched: isHatched,
    unknown: isUnknown,
    heaped: !isUnknown && fill > 100,
    alert: hasAlert(reasons),
    scale: SCALES[state],
  };
}

/** States in the order a cluster's ring and a row of counts show them, worst first. */
export const STATES_WORST_FIRST: readonly BinState[] = [
  'overfull',
  'full',
  'stale',
  'unknown',
  'ok',
];
