import { oneLine } from './clean-text.ts';
import { clockText } from './day-clock.ts';
import type { Entry, Level, Load, RunSheet, StopDetails } from './run-sheet.ts';
import { streamText } from './words.ts';
import type { Words } from './words.ts';

/** A place in a few words, as it stands on a small screen: `12. Storgatan 5`. */
export function entryTitle({ kind, name, stop }: Entry, words: Words): string {
  if (stop !== null) return `${stop.number}. ${oneLine(name)}`;
  const what = words.kinds[kind];
  return name === '' ? what : `${what}: ${oneLine(name)}`;
}

/** Everything a driver wants to know of a place, a line each. */
export function entryLines(sheet: RunSheet, entry: Entry, words: Words): readonly string[] {
  const { stop, address, arrival, begins, departure, loadAfter } = entry;
  const clock = (seconds: number): string => clockText(sheet.day, seconds);
  const waits = begins > arrival ? ` (${words.waitsUntil} ${clock(begins)})` : '';
  const until = departure > arrival ? `–${clock(departure)}` : '';
  return [
    `${clock(arrival)}${until}${waits}`,
    ...(address === null ? [] : [oneLine(address)]),
    ...(stop === null ? [] : stopLines(sheet, stop, words)),
    ...(entry.kind === 'start' ? [] : [`${words.loadAfter}: ${loadText(loadAfter, words)}`]),
  ];
}

/** What waits at a stop and why it is on the list. */
export function stopLines(
  sheet: RunSheet,
  { stream, amounts, level, reason, accessNote }: StopDetails,
  words: Words,
): readonly string[] {
  return [
    `${oneLine(streamText(words, stream))}, ${levelText(sheet, level, words)}, ${loadText(amounts, words)}`,
    ...(reason === null ? [] : [`${words.reason}: ${words.reasons[reason]}`]),
    ...(accessNote === null ? [] : [`${words.access}: ${oneLine(accessNote)}`]),
  ];
}

/** A level with its age: `82 % (25 min old)`. */
export function levelText({ madeAtMs }: RunSheet, level: Level | null, words: Words): string {
  if (level === null) return words.noLevel;
  const age = ageText(madeAtMs - level.observedAtMs);
  return `${Math.round(level.fillPercent)} % (${age} ${words.old})`;
}

const MINUTE_MS = 60_000;

/** In the largest unit that is worth two of it or more: `25 min`, `7 h`, `3 d`. */
function ageText(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / MINUTE_MS));
  if (minutes < 120) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h`;
  return `${Math.round(minutes / 1440)} d`;
}

/** Litres, and kilograms where there are any: `660 l, 52 kg`. */
export function loadText({ litres, kg }: Load, words: Words): string {
  const { whole } = words.numbers;
  return `${whole.format(litres)} l${kg > 0 ? `, ${whole.format(kg)} kg` : ''}`;
}

/** `12.3 km, 2 h 05 min driving, 4 h 10 min working, 23 stops, ...` */
export function totalsText({ totals }: Pick<RunSheet, 'totals'>, words: Words): string {
  const { oneDecimal: one } = words.numbers;
  return [
    `${one.format(totals.metres / 1000)} km`,
    `${durationText(totals.drivingSeconds)} ${words.driving}`,
    `${durationText(totals.workingSeconds)} ${words.working}`,
    `${totals.stops} ${words.stops}`,
    `${loadText(totals.collected, words)} ${words.collected}`,
    ...(totals.co2Kg === null ? [] : [`${one.format(totals.co2Kg)} kg CO2`]),
  ].join(', ');
}

function durationText(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return `${Math.trunc(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
