/** A time of day on a calendar day, somewhere. `month` and `day` count from 1. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

/** Whether calendar and clock have such a time: 30 February is no day, though `Date` makes 1 March of it. */
export function isRealTime({ year, month, day, hour, minute, second }: WallTime): boolean {
  if (hour > 23 || minute > 59 || second > 59) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

const DAY_MS = 86_400_000;
/** Every change of every zone falls on a full quarter of an hour of UTC. */
const STEP_MS = 15 * 60_000;
/** Thirty years of quarters; more is started anew. */
const MOST_REMEMBERED = 1_000_000;

/** Turns times on the clocks of one zone into ms since 1970. */
export type ZoneClock = (wall: WallTime) => number;

/**
 * Clock of an IANA zone such as `Europe/Stockholm`. An hour that the clocks show twice is taken as the first of the two; one
 * that they skip, as if they had not been changed yet. Throws a RangeError for a name that is no zone.
 */
export function createZoneClock(timeZone: string): ZoneClock {
  const offsetAt = createOffsets(timeZone);
  return (wall) => {
    const { year, month, day, hour, minute, second, millisecond } = wall;
    const asUtcMs = Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
    const before = offsetAt(asUtcMs - DAY_MS);
    const after = offsetAt(asUtcMs + DAY_MS);
    const candidates = [asUtcMs - before, asUtcMs - after].filter(
      (ms) => ms + offsetAt(ms) === asUtcMs,
    );
    return candidates.length === 0 ? asUtcMs - before : Math.min(...candidates);
  };
}

/** How far the clocks of a zone are ahead of UTC at a time, ms. */
function createOffsets(timeZone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  const known = new Map<number, number>();
  return (ms) => {
    const step = Math.floor(ms / STEP_MS);
    const remembered = known.get(step);
    if (remembered !== undefined) return remembered;
    const parts: Record<string, number> = {};
    const atMs = step * STEP_MS;
    for (const { type, value } of format.formatToParts(atMs)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    const offset = Date.UTC(year, month - 1, day, hour, minute, second) - atMs;
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(step, offset);
    return offset;
  };
}
