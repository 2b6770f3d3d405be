import { parseRfc3339 } from '../envelopes/rfc3339.ts';
import { createZoneClock, isRealTime } from '../envelopes/zoned-time.ts';
import type { WallTime } from '../envelopes/zoned-time.ts';

/** A time in a file as ms since 1970, or `undefined` when it is none. */
export type TimeReader = (text: string) => number | undefined;

/** Formats that say the zone themselves. */
export const ABSOLUTE_FORMATS = ['rfc3339', 'unix', 'unix-ms'] as const;

/** How times are written in a file. */
export interface TimeFormat {
  /** One of {@link ABSOLUTE_FORMATS}, or a pattern such as `DD-MM-YYYY HH:mm`. */
  readonly dateFormat: string;
  /** IANA name; needed by patterns. */
  readonly timeZone?: string;
  /** For patterns without an hour. */
  readonly timeOfDay: TimeOfDay;
}

export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

/**
 * Where a file has only days: noon. It is at most half a day wrong, no clock change falls on it, and it is the same day
 * in every zone from 12 hours behind to 11 hours ahead of the town's.
 */
export const NOON: TimeOfDay = { hour: 12, minute: 0 };

/** Signs of a pattern and what they stand for. Longer ones first. */
const TOKENS = {
  YYYY: String.raw`(?<year>\d{4})`,
  MM: String.raw`(?<month>\d{2})`,
  M: String.raw`(?<month>\d{1,2})`,
  DD: String.raw`(?<day>\d{2})`,
  D: String.raw`(?<day>\d{1,2})`,
  HH: String.raw`(?<hour>\d{2})`,
  H: String.raw`(?<hour>\d{1,2})`,
  hh: String.raw`(?<half>\d{2})`,
  h: String.raw`(?<half>\d{1,2})`,
  mm: String.raw`(?<minute>\d{2})`,
  ss: String.raw`(?<second>\d{2})`,
  SSS: String.raw`(?<millisecond>\d{3})`,
  A: String.raw`(?<side>[AaPp][Mm])`,
} as const;
const TOKEN_PATTERN = /YYYY|SSS|MM|M|DD|D|HH|H|hh|h|mm|ss|A|[^A-Za-z]|T/g;

/** What a pattern may hold, for error messages. */
export const PATTERN_RULE =
  'a pattern of YYYY, MM or M, DD or D, HH or H (or hh or h with A), mm, ss, SSS and signs between them, or rfc3339, unix or unix-ms';

/** Throws a RangeError, with a text for an operator, when the format makes no sense. */
export function createTimeReader({ dateFormat, timeZone, timeOfDay }: TimeFormat): TimeReader {
  if (dateFormat === 'rfc3339') return parseRfc3339;
  if (dateFormat === 'unix') return (text) => readUnix(text, 1000);
  if (dateFormat === 'unix-ms') return (text) => readUnix(text, 1);
  const pattern = compilePattern(dateFormat);
  if (timeZone === undefined) throw new RangeError(`times like ${dateFormat} need a time zone`);
  const clock = createZoneClock(timeZone);
  return (text) => {
    const groups = pattern.exec(text)?.groups;
    const wall = groups === undefined ? undefined : toWallTime(groups, timeOfDay);
    return wall === undefined ? undefined : clock(wall);
  };
}

function readUnix(text: string, factor: number): number | undefined {
  if (!/^\d{1,15}(\.\d+)?$/.test(text)) return undefined;
  return Math.floor(Number(text) * factor);
}

function compilePattern(format: string): RegExp {
  const parts = format.match(TOKEN_PATTERN) ?? [];
  if (parts.join('') !== format) throw new RangeError(`${format} is not ${PATTERN_RULE}`);
  const seen = new Set<string>();
  const source = parts.map((part) => {
    if (!Object.hasOwn(TOKENS, part))
      return part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
    // Safe: TOKENS has it as its own.
    const token = TOKENS[part as keyof typeof TOKENS];
    const name = /<(\w+)>/.exec(token)?.[1] ?? part;
    if (seen.has(name)) throw new RangeError(`${format} has the ${name} twice`);
    seen.add(name);
    return token;
  });
  const missing = ['year', 'month', 'day'].filter((name) => !seen.has(name));
  if (missing.length > 0) throw new RangeError(`${format} has no ${missing.join(' and no ')}`);
  if (seen.has('half') !== seen.has('side')) {
    throw new RangeError(`${format}: hh or h goes with A, for AM and PM`);
  }
  return new RegExp(`^${source.join('')}$`);
}

function toWallTime(
  groups: Readonly<Record<string, string | undefined>>,
  timeOfDay: TimeOfDay,
): WallTime | undefined {
  const number = (name: string): number | undefined =>
    groups[name] === undefined ? undefined : Number(groups[name]);
  const half = number('half');
  if (half !== undefined && (half < 1 || half > 12)) return undefined;
  const isAfternoon = groups['side']?.toLowerCase() === 'pm';
  const halfHour = half === undefined ? undefined : (half % 12) + (isAfternoon ? 12 : 0);
  const hour = number('hour') ?? halfHour;
  const wall: WallTime = {
    year: number('year') ?? 0,
    month: number('month') ?? 0,
    day: number('day') ?? 0,
    hour: hour ?? timeOfDay.hour,
    minute: number('minute') ?? (hour === undefined ? timeOfDay.minute : 0),
    second: number('second') ?? 0,
    millisecond: number('millisecond') ?? 0,
  };
  return wall.year >= 1970 && isRealTime(wall) ? wall : undefined;
}
