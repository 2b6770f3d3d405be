import { MAX_AHEAD_MS } from './clock.ts';

/** What a bin's place on the map says at one glance. */
export const BIN_STATES = ['unknown', 'stale', 'ok', 'full', 'overfull'] as const;
export type BinState = (typeof BIN_STATES)[number];

/** Why a bin is in its state, or needs a look. */
export const BIN_REASONS = [
  'overfull',
  'full',
  'fire',
  'tilted',
  'obstructed',
  'low-battery',
  'bad-clock',
  'sensor-silent',
  'no-reading',
] as const;
export type BinReason = (typeof BIN_REASONS)[number];

/** The facts a state follows from. */
export interface BinFacts {
  readonly fillPercent: number | null;
  readonly observedAtMs: number | null;
  readonly thresholdPercent: number;
  readonly staleAfterSeconds: number;
  /** Reasons that stand in the current reading itself, such as `tilted`. */
  readonly readingReasons: readonly BinReason[];
}

export interface StateVerdict {
  readonly state: BinState;
  readonly reasons: readonly BinReason[];
  /** Whole seconds since the level was measured; `null` when there is no level. */
  readonly ageSeconds: number | null;
}

/** A device whose interval is not known is silent after a day. */
const DEFAULT_STALE_AFTER_SECONDS = 24 * 3600;
/** Radio loses up to half of all messages: three intervals without one are worth a mark, not less than an hour. */
const MISSED_INTERVALS = 3;
const SHORTEST_STALE_SECONDS = 3600;

/** How old a level may be before it is stale, from the device's own reporting interval. */
export function staleAfterSeconds(reportIntervalSeconds: number | null): number {
  if (reportIntervalSeconds === null) return DEFAULT_STALE_AFTER_SECONDS;
  return Math.max(SHORTEST_STALE_SECONDS, MISSED_INTERVALS * reportIntervalSeconds);
}

/** The state of a bin as seen at `nowMs`. A stale level keeps its reasons: it was full when last heard of. */
export function judgeState(facts: BinFacts, nowMs: number): StateVerdict {
  const { fillPercent, observedAtMs } = facts;
  if (fillPercent === null || observedAtMs === null) {
    return { state: 'unknown', reasons: ['no-reading', ...facts.readingReasons], ageSeconds: null };
  }
  const ageSeconds = Math.max(0, Math.floor((nowMs - observedAtMs) / 1000));
  const reasons: BinReason[] = [];
  if (fillPercent > 100) reasons.push('overfull');
  else if (fillPercent >= facts.thresholdPercent) reasons.push('full');
  reasons.push(...facts.readingReasons);
  if (observedAtMs > nowMs + MAX_AHEAD_MS) {
    // Filed under a clock that was wrong, ours or the sensor's: how old it is, nobody knows.
    const known = reasons.filter((reason) => reason !== 'bad-clock');
    return { state: 'stale', reasons: [...known, 'bad-clock'], ageSeconds };
  }
  if (ageSeconds > facts.staleAfterSeconds) {
    return { state: 'stale', reasons: [...reasons, 'sensor-silent'], ageSeconds };
  }
  const state = fillPercent > 100 ? 'overfull' : reasons.includes('full') ? 'full' : 'ok';
  return { state, reasons, ageSeconds };
}
