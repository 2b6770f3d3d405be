import { clockText } from './day-clock.ts';
import { levelText } from './describe-entry.ts';
import type { Entry, RunSheet, SheetRoute } from './run-sheet.ts';
import { streamText } from './words.ts';
import type { Language, Words } from './words.ts';

/** What stands in a cell. A time is seconds since the midnight that begins the day. */
export type Cell =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'time'; readonly text: string; readonly seconds: number }
  | null;

export interface Column {
  readonly heading: Record<Language, string>;
  readonly cell: (row: Row) => Cell;
}

interface Row {
  readonly sheet: RunSheet;
  readonly route: SheetRoute;
  readonly entry: Entry;
  readonly words: Words;
}

const MINUTE_MS = 60_000;

/** One row per line of the list, the same in CSV and XLSX. */
export const COLUMNS: readonly Column[] = [
  column('date', 'datum', ({ sheet }) => text(sheet.day.date)),
  column('vehicle', 'fordon', ({ route }) => text(route.vehicleName)),
  column('number', 'nr', ({ entry }) => number(entry.stop?.number)),
  column('kind', 'typ', ({ entry, words }) => text(words.kinds[entry.kind])),
  column('arrival', 'ankomst', ({ sheet, entry }) => time(sheet, entry.arrival)),
  column('begins', 'börjar', ({ sheet, entry }) => time(sheet, entry.begins)),
  column('departure', 'avgång', ({ sheet, entry }) => time(sheet, entry.departure)),
  column('id', 'id', ({ entry }) => text(entry.id)),
  column('name', 'namn', ({ entry }) => text(entry.name)),
  column('address', 'adress', ({ entry }) => text(entry.address)),
  column('stream', 'fraktion', ({ entry, words }) =>
    text(entry.stop && streamText(words, entry.stop.stream)),
  ),
  column('fill percent', 'fyllnad procent', ({ entry }) =>
    number(entry.stop?.level?.fillPercent, 1),
  ),
  column('level age minutes', 'nivåns ålder minuter', ({ sheet, entry }) => {
    const level = entry.stop?.level;
    return number(level && (sheet.madeAtMs - level.observedAtMs) / MINUTE_MS, 0);
  }),
  column('level', 'nivå', ({ sheet, entry, words }) =>
    text(entry.stop && levelText(sheet, entry.stop.level, words)),
  ),
  column('why', 'varför', ({ entry, words }) =>
    text(entry.stop?.reason && words.reasons[entry.stop.reason]),
  ),
  column('litres', 'liter', ({ entry }) => number(entry.stop?.amounts.litres, 1)),
  column('kg', 'kg', ({ entry }) => number(entry.stop?.amounts.kg, 1)),
  column('access', 'tillträde', ({ entry }) => text(entry.stop?.accessNote)),
  column('lat', 'lat', ({ entry }) => number(entry.position?.lat, 7)),
  column('lng', 'lng', ({ entry }) => number(entry.position?.lng, 7)),
  column('load after litres', 'last efter liter', ({ entry }) => number(entry.loadAfter.litres, 1)),
  column('load after kg', 'last efter kg', ({ entry }) => number(entry.loadAfter.kg, 1)),
  column('km driven', 'körda km', ({ entry }) => number(entry.metres / 1000, 3)),
];

/** Every line of every route. */
export function tableRows(sheet: RunSheet, words: Words): readonly (readonly Cell[])[] {
  return sheet.routes.flatMap((route) =>
    route.entries.map((entry) => COLUMNS.map(({ cell }) => cell({ sheet, route, entry, words }))),
  );
}

function column(en: string, sv: string, cell: Column['cell']): Column {
  return { heading: { en, sv }, cell };
}

function text(value: string | null | undefined): Cell {
  return value === null || value === undefined || value === ''
    ? null
    : { kind: 'text', text: value };
}

function number(value: number | null | undefined, decimals = 0): Cell {
  if (value === null || value === undefined) return null;
  return { kind: 'number', value: Number(value.toFixed(decimals)) };
}

function time({ day }: RunSheet, seconds: number): Cell {
  return { kind: 'time', text: clockText(day, seconds), seconds };
}
