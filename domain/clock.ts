/** A live device may be this far ahead of us before its clock is not believed. */
export const MAX_AHEAD_MS = 10 * 60_000;

/** Older than this when it arrives is history, not the present. */
const LATE_AFTER_MS = 60 * 60_000;

/** Clocks that were never set start at 1970, 1980, 2000 or the year of their firmware; no sensor has held data since then. */
export const OLDEST_BELIEVABLE_MS = Date.UTC(2020, 0, 1);

export interface TimeVerdict {
  /** The time the reading is filed under, ms since 1970. */
  readonly observedAtMs: number;
  /** Why the device's own time was not used. */
  readonly suspicion?: 'clock-ahead' | 'clock-unset';
  /** It came so long after it was measured that it is history. */
  readonly late: boolean;
}

/**
 * Decides when a reading was observed. A clock ahead of ours, or one that was never set
 * (1970, 1980, 2000-01-01 and the like), is replaced by the time of arrival; the past is believed.
 * @param claimedMs the device's time, or `undefined` when it gave none
 * @param mayBackfill the principal may send any past time, however old
 */
export function judgeTime(
  claimedMs: number | undefined,
  receivedAtMs: number,
  mayBackfill: boolean,
): TimeVerdict {
  if (claimedMs === undefined) return { observedAtMs: receivedAtMs, late: false };
  if (claimedMs > receivedAtMs + MAX_AHEAD_MS) {
    return { observedAtMs: receivedAtMs, suspicion: 'clock-ahead', late: false };
  }
  if (claimedMs < OLDEST_BELIEVABLE_MS && !mayBackfill) {
    return { observedAtMs: receivedAtMs, suspicion: 'clock-unset', late: false };
  }
  return { observedAtMs: claimedMs, late: receivedAtMs - claimedMs > LATE_AFTER_MS };
}
