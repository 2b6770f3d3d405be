import { z } from 'zod';
import type { Bin } from '../../store/bins.ts';
import { describeUnknownColumn, isBinColumn, showValue, toFields } from './bin-record.ts';
import type { BinColumn, FieldsResult, FileItem } from './bin-record.ts';

/** RFC 7946: a collection whose features are judged one by one. */
const Collection = z.looseObject({
  type: z.literal('FeatureCollection'),
  features: z.array(z.unknown()),
});

const Feature = z.looseObject({
  type: z.literal('Feature'),
  id: z.union([z.string(), z.number()]).optional(),
  geometry: z.looseObject({
    type: z.literal('Point'),
    // RFC 7946 3.1.1: longitude, latitude, and perhaps an altitude.
    coordinates: z.tuple([z.number(), z.number()]).rest(z.number()),
  }),
  properties: z.record(z.string(), z.unknown()).nullable(),
});

/** Reads bins from GeoJSON points. The id stands in the feature or among its properties; properties are named like CSV's columns. */
export function readGeoJson(text: string): FieldsResult {
  const collection = Collection.safeParse(parseJson(text));
  if (!collection.success) {
    return { ok: false, mistakes: [{ message: 'is not a GeoJSON FeatureCollection' }] };
  }
  const items = collection.data.features.map((candidate, index): FileItem => {
    const where = `feature ${index + 1}`;
    const feature = Feature.safeParse(candidate);
    if (feature.success) return { where, ...readFeature(feature.data) };
    const field = feature.error.issues[0]?.path.join('.') ?? '';
    const message = 'does not fit a GeoJSON feature with a point';
    return { where, fields: undefined, mistakes: [{ field, message }] };
  });
  return { ok: true, items };
}

/** Writes bins as a GeoJSON FeatureCollection (RFC 7946). */
export function writeGeoJson(bins: readonly Bin[]): string {
  const features = bins.map((bin) => {
    const { id, lat, lng, ...properties } = toFields(bin);
    return {
      type: 'Feature',
      id,
      geometry: { type: 'Point', coordinates: [lng, lat] },
      properties,
    };
  });
  return `${JSON.stringify({ type: 'FeatureCollection', features }, null, 2)}\n`;
}

function readFeature(feature: z.output<typeof Feature>): Omit<FileItem, 'where'> {
  const [lng, lat] = feature.geometry.coordinates;
  const fields: Partial<Record<BinColumn, string | number>> = { lat, lng };
  const mistakes: { field: string; message: string }[] = [];
  for (const [field, value] of Object.entries(feature.properties ?? {})) {
    if (value === null || value === '') continue;
    if (!isBinColumn(field)) mistakes.push({ field, message: describeUnknownColumn(field) });
    else if (field === 'lat' || field === 'lng') {
      mistakes.push({ field, message: 'belongs in the geometry' });
    } else if (typeof value === 'string' || typeof value === 'number') fields[field] = value;
    else mistakes.push({ field, message: 'must be a text or a number' });
  }
  // Many programs number their features.
  const ids = [feature.id, fields.id].flatMap((id) => (id === undefined ? [] : [String(id)]));
  const [id, other = id] = ids;
  if (id !== undefined) fields.id = id;
  if (id !== other) {
    mistakes.push({ field: 'id', message: `${showValue(id)} is another than in the properties` });
  }
  return { fields, mistakes };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
