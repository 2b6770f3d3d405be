import { localTimeText } from './day-clock.ts';
import { assertPlaced, isDrawn, lineOf, placedEntries } from './positions.ts';
import type { PlacedEntry } from './positions.ts';
import { routeColour } from './route-colour.ts';
import type { LeftOut, Position, RunSheet, SheetRoute } from './run-sheet.ts';

/** GeoJSON (RFC 7946): a LineString per route, then a Point per place, then the stops that are on no route. */
export function toGeoJson(sheet: RunSheet): string {
  assertPlaced(sheet);
  const features = sheet.routes.flatMap((route, index) => [
    ...toLine(route, index),
    ...placedEntries(route).map((entry) => toPoint(sheet, route, entry)),
  ]);
  const collection = {
    type: 'FeatureCollection',
    // RFC 7946, 6.1: members of our own are allowed.
    title: sheet.title,
    date: sheet.day.date,
    timeZone: sheet.day.timeZone,
    madeAt: new Date(sheet.madeAtMs).toISOString(),
    features: [...features, ...sheet.leftOut.flatMap(toLeftOut)],
  };
  return `${JSON.stringify(collection, null, 2)}\n`;
}

function toLine(route: SheetRoute, index: number): object[] {
  const line = lineOf(route);
  // A LineString has two positions or more (3.1.4).
  if (line.length < 2) return [];
  const { collected, ...totals } = route.totals;
  return [
    {
      type: 'Feature',
      geometry: { type: 'LineString', coordinates: line.map(toCoordinates) },
      properties: {
        kind: 'route',
        vehicleId: route.vehicleId,
        vehicle: route.vehicleName,
        colour: routeColour(index),
        onRoads: isDrawn(route),
        ...totals,
        litres: collected.litres,
        kg: collected.kg,
      },
    },
  ];
}

function toPoint({ day, madeAtMs }: RunSheet, route: SheetRoute, entry: PlacedEntry): object {
  const { stop } = entry;
  const level = stop?.level ?? null;
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: toCoordinates(entry.position) },
    properties: {
      ...{ kind: entry.kind, vehicleId: route.vehicleId, id: entry.id, name: entry.name },
      address: entry.address,
      arrival: localTimeText(day, entry.arrival),
      begins: localTimeText(day, entry.begins),
      departure: localTimeText(day, entry.departure),
      loadAfter: entry.loadAfter,
      ...(stop === null
        ? {}
        : {
            number: stop.number,
            stream: stop.stream,
            ...stop.amounts,
            fillPercent: level?.fillPercent ?? null,
            observedAt: level && new Date(level.observedAtMs).toISOString(),
            ageSeconds: level && Math.round((madeAtMs - level.observedAtMs) / 1000),
            reason: stop.reason,
            accessNote: stop.accessNote,
          }),
    },
  };
}

function toLeftOut({ id, name, position, must }: LeftOut): object[] {
  if (position === null) return [];
  return [
    {
      type: 'Feature',
      geometry: { type: 'Point', coordinates: toCoordinates(position) },
      properties: { kind: 'left-out', id, name, must },
    },
  ];
}

/** Longitude first (3.1.1); 7 decimals are a centimetre. */
function toCoordinates({ lat, lng }: Position): [number, number] {
  return [Number(lng.toFixed(7)), Number(lat.toFixed(7))];
}
