import type { Uplink } from './encode/uplink.ts';
import { hashText, unitFrom } from './random.ts';
import { DAY_MS } from './rhythm.ts';
import type { Town, TownBin } from './town.ts';
import { createUplink } from './uplinks.ts';

export interface HistoryOptions {
  readonly town: Town;
  /** Where the live readings begin, ms since 1970. The town's clock and the wall clock agree before it. */
  readonly endMs: number;
  readonly days: number;
  /** Time between two readings of a bin. */
  readonly stepSeconds: number;
}

/** A message of the past and the step it belongs to; step 0 is the oldest. */
export interface HistoryUplink extends Uplink {
  readonly step: number;
}

/** Readings wander over this part of a step, so that not all bins report at once. */
const JITTER_PART = 0.8;
const STEP_JITTER = 1;

/** The number of steps of a history. */
export function historySteps(options: HistoryOptions): number {
  return Math.floor((options.days * DAY_MS) / (options.stepSeconds * 1000));
}

/**
 * Everything the town's sensors would have sent, newest step first; lost messages are missing, some come twice.
 * The same options give the same bytes.
 * @param fromStep the newest step wanted, to go on with a history begun earlier
 */
export function* historyUplinks(
  options: HistoryOptions,
  fromStep = historySteps(options) - 1,
): Generator<HistoryUplink> {
  for (let step = fromStep; step >= 0; step--) {
    for (const bin of options.town.bins) {
      const observedAtMs = stepTimeMs(options, bin, step);
      const request = { session: 0, counter: step, townMs: observedAtMs, observedAtMs };
      for (const copy of createUplink(bin, request).copies) yield { ...copy, step };
    }
  }
}

export function stepTimeMs(options: HistoryOptions, bin: TownBin, step: number): number {
  const stepMs = options.stepSeconds * 1000;
  const jitter = unitFrom(hashText(bin.id), STEP_JITTER, step) * JITTER_PART;
  return Math.floor(options.endMs - (historySteps(options) - step - jitter) * stepMs);
}
