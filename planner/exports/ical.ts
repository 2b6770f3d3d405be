import ical from 'ical-generator';
import { cleanText, oneLine } from './clean-text.ts';
import { clockText, instantMs } from './day-clock.ts';
import { entryTitle, stopLines, totalsText } from './describe-entry.ts';
import type { RunSheet, SheetRoute } from './run-sheet.ts';
import type { Words } from './words.ts';

/**
 * iCalendar (RFC 5545): an event per route, from leaving to being back, with its list as description. Times are in UTC, so
 * that no reader needs a table of zones. A plan that is exported again for the same day and vehicle replaces its event.
 */
export function toIcal(sheet: RunSheet, words: Words): string {
  const calendar = ical({
    prodId: { company: 'Tunna', product: 'Tunna', language: 'EN' },
    name: oneLine(sheet.title),
  });
  for (const route of sheet.routes) {
    const { begins, ends } = spanOf(route);
    const stamp = new Date(sheet.madeAtMs);
    const depot = route.entries.find(({ kind }) => kind === 'start')?.name ?? '';
    calendar.createEvent({
      id: `${sheet.day.date}-${encodeURIComponent(route.vehicleId.toWellFormed())}@tunna`,
      stamp,
      // A later export must be taken for a newer version (RFC 5546, 2.1.4).
      sequence: Math.trunc(sheet.madeAtMs / 1000) % 2 ** 31,
      start: new Date(instantMs(sheet.day, begins)),
      end: new Date(instantMs(sheet.day, ends)),
      summary: `${oneLine(route.vehicleName)}: ${route.totals.stops} ${words.stops}`,
      description: cleanText(describe(sheet, route, words)),
      ...(depot === '' ? {} : { location: oneLine(depot) }),
    });
  }
  // RFC 5545, 3.1: the last line ends like every other.
  return `${calendar.toString()}\r\n`;
}

function spanOf({ entries }: SheetRoute): { begins: number; ends: number } {
  return { begins: entries[0]?.arrival ?? 0, ends: entries.at(-1)?.departure ?? 0 };
}

function describe(sheet: RunSheet, route: SheetRoute, words: Words): string {
  const lines = route.entries.map((entry) => {
    const details = entry.stop === null ? [] : stopLines(sheet, entry.stop, words);
    const title = `${clockText(sheet.day, entry.arrival)} ${entryTitle(entry, words)}`;
    return [title, ...details].join(' · ');
  });
  return [totalsText(route, words), ...lines].join('\n');
}
