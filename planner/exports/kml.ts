import { entryLines, entryTitle, totalsText } from './describe-entry.ts';
import { localTimeText } from './day-clock.ts';
import { assertPlaced, degrees, isDrawn, lineOf, placedEntries } from './positions.ts';
import type { PlacedEntry } from './positions.ts';
import { routeColour } from './route-colour.ts';
import type { Position, RunSheet, SheetRoute } from './run-sheet.ts';
import type { Words } from './words.ts';
import { writeXml } from './xml.ts';
import type { XmlTree } from './xml.ts';

/** KML 2.2 (OGC 07-147r2): a folder per route with its line and its places. */
export function toKml(sheet: RunSheet, words: Words): string {
  assertPlaced(sheet);
  return writeXml({
    kml: {
      '@xmlns': 'http://www.opengis.net/kml/2.2',
      Document: {
        name: sheet.title,
        description: toHtml([totalsText(sheet, words)]),
        Style: sheet.routes.map((_route, index) => ({
          '@id': `route-${index + 1}`,
          LineStyle: { color: toKmlColour(routeColour(index)), width: 4 },
        })),
        Folder: sheet.routes.map((route, index) => toFolder(sheet, route, { index, words })),
      },
    },
  });
}

function toFolder(
  sheet: RunSheet,
  route: SheetRoute,
  { index, words }: { readonly index: number; readonly words: Words },
): XmlTree {
  const line: XmlTree = {
    name: route.vehicleName,
    description: isDrawn(route) ? undefined : toHtml([words.straight]),
    styleUrl: `#route-${index + 1}`,
    LineString: { tessellate: 1, coordinates: lineOf(route).map(toCoordinates).join(' ') },
  };
  return {
    name: route.vehicleName,
    description: toHtml([totalsText(route, words)]),
    Placemark: [
      ...(lineOf(route).length > 1 ? [line] : []),
      ...placedEntries(route).map((entry) => toPlacemark(sheet, entry, words)),
    ],
  };
}

function toPlacemark(sheet: RunSheet, entry: PlacedEntry, words: Words): XmlTree {
  const { stop } = entry;
  const data: readonly (readonly [string, string | number | null | undefined])[] = [
    ['kind', entry.kind],
    ['id', entry.id],
    ['arrival', localTimeText(sheet.day, entry.arrival)],
    ['stream', stop?.stream],
    ['fillPercent', stop?.level?.fillPercent],
    ['observedAt', stop?.level && new Date(stop.level.observedAtMs).toISOString()],
    ['reason', stop?.reason],
    ['litres', stop?.amounts.litres],
    ['kg', stop?.amounts.kg],
  ];
  return {
    name: entryTitle(entry, words),
    description: toHtml(entryLines(sheet, entry, words)),
    ExtendedData: {
      Data: data.flatMap(([name, value]) =>
        value === undefined || value === null || value === '' ? [] : [{ '@name': name, value }],
      ),
    },
    Point: { coordinates: toCoordinates(entry.position) },
  };
}

/** Readers take a description for HTML (9.1.3.2), so a name must not be able to become markup. */
function toHtml(lines: readonly string[]): string {
  const escape = (text: string): string =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return lines.map(escape).join('<br/>');
}

function toCoordinates({ lat, lng }: Position): string {
  return `${degrees(lng)},${degrees(lat)}`;
}

/** KML writes alpha, blue, green, red. */
function toKmlColour(hex: string): string {
  const [, red = '', green = '', blue = ''] = /^#(..)(..)(..)$/.exec(hex) ?? [];
  return `ff${blue}${green}${red}`;
}
