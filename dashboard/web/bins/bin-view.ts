import type { BinSummary } from '../../api/bins.ts';
import type { BinReason, BinState } from '../../../domain/bin-state.ts';

/** A bin as it stands at one moment: the server's word, with the staleness that time alone has added since. */
export interface BinView {
  readonly bin: BinSummary;
  readonly state: BinState;
  readonly reasons: readonly BinReason[];
  /** Higher needs a look sooner. */
  readonly urgency: number;
}

/** Whole seconds since the level was measured; `null` when there is no level. */
export function ageSecondsOf(bin: BinSummary, nowMs: number): number | null {
  if (bin.observedAt === null) return null;
  return Math.max(0, Math.floor((nowMs - Date.parse(bin.observedAt)) / 1000));
}

/** Judges a bin at `nowMs`: the server sends no news of a sensor that merely stays silent. */
export function viewBin(bin: BinSummary, nowMs: number): BinView {
  const { state, reasons } = growStale(bin, nowMs);
  return { bin, state, reasons, urgency: urgencyOf(state, reasons) };
}

function growStale(bin: BinSummary, nowMs: number): Pick<BinView, 'state' | 'reasons'> {
  const ageSeconds = ageSecondsOf(bin, nowMs);
  const isFresh = ageSeconds === null || ageSeconds <= bin.staleAfterSeconds;
  if (isFresh || bin.state === 'stale' || bin.state === 'unknown') {
    return { state: bin.state, reasons: bin.reasons };
  }
  return { state: 'stale', reasons: [...bin.reasons, 'sensor-silent'] };
}

/** Order of need: fire before all; then what spills, what is full, what was full when last heard, what has a fault. */
function urgencyOf(state: BinState, reasons: readonly BinReason[]): number {
  if (reasons.includes('fire')) return 7;
  if (state === 'overfull') return 6;
  if (state === 'full') return 5;
  if (state === 'stale' && (reasons.includes('full') || reasons.includes('overfull'))) return 4;
  if (reasons.includes('tilted') || reasons.includes('obstructed')) return 3;
  if (state === 'stale') return 2;
  if (state === 'unknown') return 1;
  return 0;
}

/** A bin that wants its own mark beside the level: something other than fullness is wrong on site. */
export function hasAlert(reasons: readonly BinReason[]): boolean {
  return reasons.includes('fire') || reasons.includes('tilted') || reasons.includes('obstructed');
}
