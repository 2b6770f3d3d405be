/** A day of work, and the zone whose clocks it goes by. */
export interface Day {
  /** Such as `2026-11-25`. */
  readonly date: string;
  /** IANA name, such as `Europe/Stockholm`. */
  readonly timeZone: string;
}

export const DEFAULT_TIME_ZONE = 'Europe/Stockholm';

const DAY_MS = 86_400_000;
const NOON_SECONDS = 43_200;

/** True for a date that the calendar has, written `2026-11-25`. */
export function isDate(text: string): boolean {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

export function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The date it is at a moment on the clocks of a zone. */
export function dateAt(ms: number, timeZone: string): string {
  return new Date(ms + offsetMs(ms, timeZone)).toISOString().slice(0, 10);
}

/**
 * The moment of a time of the day, ms since 1970. Seconds count from noon minus twelve hours, as timetables count (GTFS, field
 * type Time): 06:00 is 06:00 on the clock also on the two days a year whose night is longer or shorter.
 */
export function instantMs({ date, timeZone }: Day, seconds: number): number {
  const noonUtc = Date.parse(`${date}T12:00:00Z`);
  const noon = noonUtc - offsetMs(noonUtc, timeZone);
  return noon + (Math.round(seconds) - NOON_SECONDS) * 1000;
}

/** What the clock shows: `07:45`, and `01:30 +1` after midnight. */
export function clockText(day: Day, seconds: number): string {
  const local = localIso(day, seconds);
  const days = (Date.parse(local.slice(0, 10)) - Date.parse(day.date)) / DAY_MS;
  return local.slice(11, 16) + (days === 0 ? '' : ` ${days > 0 ? '+' : ''}${days}`);
}

/** RFC 3339 on the zone's own clock: `2026-11-25T07:45:00+01:00`. */
export function localTimeText(day: Day, seconds: number): string {
  const offset = offsetMs(instantMs(day, seconds), day.timeZone) / 60_000;
  const size = Math.abs(offset);
  const two = (value: number): string => String(Math.trunc(value)).padStart(2, '0');
  return `${localIso(day, seconds).slice(0, 19)}${offset < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`;
}

function localIso(day: Day, seconds: number): string {
  const ms = instantMs(day, seconds);
  return new Date(ms + offsetMs(ms, day.timeZone)).toISOString();
}

/** How far the clocks of a zone are ahead of UTC. */
function offsetMs(ms: number, timeZone: string): number {
  const text =
    offsetFormat(timeZone)
      .formatToParts(ms)
      .find(({ type }) => type === 'timeZoneName')?.value ?? '';
  // "GMT" alone stands for no offset; old zones have seconds.
  const found = /([+-])(\d{2}):(\d{2})(?::(\d{2}))?/.exec(text);
  if (!found) return 0;
  const [, sign, hours, minutes, seconds] = found;
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0);
  return (sign === '-' ? -size : size) * 1000;
}

/** Making one takes a thousand times as long as using it. */
const OFFSET_FORMATS = new Map<string, Intl.DateTimeFormat>();

function offsetFormat(timeZone: string): Intl.DateTimeFormat {
  const known = OFFSET_FORMATS.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  OFFSET_FORMATS.set(timeZone, format);
  return format;
}
