import { entryLines, entryTitle, totalsText } from './describe-entry.ts';
import { assertPlaced, degrees, isDrawn, lineOf, placedEntries } from './positions.ts';
import type { PlacedEntry } from './positions.ts';
import type { Position, RunSheet, SheetRoute } from './run-sheet.ts';
import type { Words } from './words.ts';
import { writeXml } from './xml.ts';
import type { XmlTree } from './xml.ts';

/**
 * GPX 1.1 (topografix.com/GPX/1/1). Per route: `rte` with the places in order, for devices that find the way themselves, and
 * `trk` with the line to follow. Every place is also a `wpt`.
 */
export function toGpx(sheet: RunSheet, words: Words): string {
  assertPlaced(sheet);
  const places = sheet.routes.flatMap((route) =>
    placedEntries(route).map((entry) => toPoint(sheet, entry, words)),
  );
  return writeXml({
    gpx: {
      '@version': '1.1',
      '@creator': 'Tunna',
      '@xmlns': 'http://www.topografix.com/GPX/1/1',
      metadata: {
        name: sheet.title,
        desc: totalsText(sheet, words),
        time: new Date(sheet.madeAtMs).toISOString(),
      },
      wpt: places,
      rte: sheet.routes.map((route, index) => toRte(sheet, route, { index, words })),
      trk: sheet.routes.map((route, index) => toTrk(route, { index, words })),
    },
  });
}

interface Placed {
  readonly index: number;
  readonly words: Words;
}

function toRte(sheet: RunSheet, route: SheetRoute, { index, words }: Placed): XmlTree {
  return {
    name: route.vehicleName,
    desc: totalsText(route, words),
    number: index + 1,
    rtept: placedEntries(route).map((entry) => toPoint(sheet, entry, words)),
  };
}

function toTrk(route: SheetRoute, { index, words }: Placed): XmlTree {
  return {
    name: route.vehicleName,
    desc: isDrawn(route) ? undefined : words.straight,
    number: index + 1,
    trkseg: { trkpt: lineOf(route).map(toCoordinates) },
  };
}

function toPoint(sheet: RunSheet, entry: PlacedEntry, words: Words): XmlTree {
  return {
    ...toCoordinates(entry.position),
    name: entryTitle(entry, words),
    desc: entryLines(sheet, entry, words).join('\n'),
    type: entry.kind,
  };
}

function toCoordinates({ lat, lng }: Position): XmlTree {
  // The schema's longitudes end before 180.
  return { '@lat': degrees(lat), '@lon': degrees(lng === 180 ? -180 : lng) };
}
