import { createZoneClock, isRealTime } from './zoned-time.ts';
import type { WallTime, ZoneClock } from './zoned-time.ts';

/** A time on somebody's clock: `2026-03-01T06:15:00`, or with blanks and slashes as some firmware writes it. */
const PATTERN = /^(\d{4})[-/](\d{2})[-/](\d{2})[T ](\d{2}):(\d{2}):(\d{2})$/;

/** A town has a handful of zones. */
const clocks = new Map<string, ZoneClock>();

function clockOf(timeZone: string): ZoneClock | undefined {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  try {
    const clock = createZoneClock(timeZone);
    clocks.set(timeZone, clock);
    return clock;
  } catch {
    // No such zone: the settings refuse it, so this is a test or a caller of one function.
    return undefined;
  }
}

/**
 * Milliseconds since 1970 of a time that is written without its zone; `undefined` when it is no time, or nobody has said whose
 * clock it was read from.
 */
export function parseZoneless(text: string, timeZone: string | undefined): number | undefined {
  const match = PATTERN.exec(text);
  if (match === null || timeZone === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map(Number);
  const wall: WallTime = { year, month, day, hour, minute, second, millisecond: 0 };
  return isRealTime(wall) ? clockOf(timeZone)?.(wall) : undefined;
}

/** Whether a text is a time without a zone, by a clock that has been set since it was started. */
export function isSetZoneless(text: string): boolean {
  return PATTERN.test(text) && text.slice(0, 4) >= '2020';
}
