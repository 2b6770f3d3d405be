import { wholePercent } from '../bins/whole-percent.ts';
import { splitAge } from './age.ts';
import { splitDuration } from './duration.ts';
import type { Language } from './language.ts';

/** The town's own time, whatever the clock of the one who looks is set to. */
export const TOWN_TIME_ZONE = 'Europe/Stockholm';

/** English of Great Britain: day before month and a 24-hour clock, as a town in Sweden expects. */
const LOCALES: Record<Language, string> = { sv: 'sv-SE', en: 'en-GB' };

/** Writes numbers and times in one language. */
export interface Format {
  readonly locale: string;
  number(value: number): string;
  /** A number as it is, such as a ratio or a coordinate: six decimals at most. */
  exact(value: number): string;
  /** Whole percent, from a number where 100 is full; see `wholePercent` for how it is rounded. */
  percent(value: number): string;
  /** Percent in tenths, as fills are kept: for whoever computes one again. */
  percentExact(value: number): string;
  litres(value: number): string;
  celsius(value: number): string;
  volts(value: number): string;
  millimetres(value: number): string;
  /** An age alone: "12 min". */
  age(ageSeconds: number): string;
  /** An age in a sentence: "12 minutes ago". */
  ago(ageSeconds: number): string;
  /** A length of time: "1 hour, 30 minutes". */
  duration(seconds: number): string;
  /** Date and time. */
  dateTime(ms: number): string;
  /** Time of day; with the date when it is not today's. */
  shortTime(ms: number, nowMs: number): string;
  date(ms: number): string;
}

/** Makes the formatters of a language once; building an Intl object is slow, using it is not. */
export function createFormat(language: Language): Format {
  const locale = LOCALES[language];
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const exact = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
  const tenths = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const quantity = (unit: string, digits: number, unitDisplay: 'short' | 'long' = 'short') =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit,
      unitDisplay,
      maximumFractionDigits: digits,
    });
  const units = {
    litre: quantity('liter', 0),
    celsius: quantity('celsius', 1),
    millimetre: quantity('millimeter', 0),
    short: {
      second: quantity('second', 0),
      minute: quantity('minute', 0),
      hour: quantity('hour', 0),
      day: quantity('day', 0),
    },
    long: {
      second: quantity('second', 0, 'long'),
      minute: quantity('minute', 0, 'long'),
      hour: quantity('hour', 0, 'long'),
      day: quantity('day', 0, 'long'),
    },
  };
  const parts = new Intl.ListFormat(locale, { type: 'unit', style: 'long' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  const zone = { timeZone: TOWN_TIME_ZONE } as const;
  const dateTime = new Intl.DateTimeFormat(locale, {
    ...zone,
    dateStyle: 'medium',
    timeStyle: 'medium',
  });
  const date = new Intl.DateTimeFormat(locale, { ...zone, dateStyle: 'medium' });
  const time = new Intl.DateTimeFormat(locale, { ...zone, timeStyle: 'short' });
  const dayAndTime = new Intl.DateTimeFormat(locale, {
    ...zone,
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  return {
    locale,
    number: (value) => number.format(value),
    percent: (value) => percent.format(wholePercent(value) / 100),
    exact: (value) => exact.format(value),
    percentExact: (value) => tenths.format(value / 100),
    litres: (value) => units.litre.format(value),
    celsius: (value) => units.celsius.format(value),
    volts: (value) => `${number.format(value)} V`,
    millimetres: (value) => units.millimetre.format(value),
    age: (ageSeconds) => {
      const { value, unit } = splitAge(ageSeconds);
      return units.short[unit].format(value);
    },
    ago: (ageSeconds) => {
      const { value, unit } = splitAge(ageSeconds);
      return relative.format(-value, unit);
    },
    duration: (seconds) =>
      parts.format(splitDuration(seconds).map(({ value, unit }) => units.long[unit].format(value))),
    dateTime: (ms) => dateTime.format(ms),
    shortTime: (ms, nowMs) =>
      date.format(ms) === date.format(nowMs) ? time.format(ms) : dayAndTime.format(ms),
    date: (ms) => date.format(ms),
  };
}
