import { z } from 'zod';
import type { Bin } from '../../store/bins.ts';
import { describeUnknownColumn, isBinColumn, toFields } from './bin-record.ts';
import type { BinColumn, BinFields, FieldsResult, FileMistake } from './bin-record.ts';

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
  const mistakes: FileMistake[] = [];
  const items: { where: string; fields: BinFields }[] = [];
  for (const [index, candidate] of collection.data.features.entries()) {
    const where = `feature ${index + 1}`;
    const feature = Feature.safeParse(candidate);
    if (!feature.success) {
      const field = feature.error.issues[0]?.path.join('.') ?? '';
      mistakes.push({ where, field, message: 'does not fit a GeoJSON feature with a point' });
      continue;
    }
    const { fields, unfit } = toFeatureFields(feature.data);
    mistakes.push(...unfit.map((mistake) => ({ where, ...mistake })));
    items.push({ where, fields });
  }
  return mistakes.length === 0 ? { ok: true, items } : { ok: false, mistakes };
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

function toFeatureFields(feature: z.output<typeof Feature>): {
  fields: BinFields;
  unfit: { field: string; message: string }[];
} {
  const [lng, lat] = feature.geometry.coordinates;
  const fields: Partial<Record<BinColumn, string | number>> = { lat, lng };
  if (feature.id !== undefined) fields.id = String(feature.id);
  const unfit: { field: string; message: string }[] = [];
  for (const [field, value] of Object.entries(feature.properties ?? {})) {
    if (value === null || value === '') continue;
    if (!isBinColumn(field) || field === 'lat' || field === 'lng') {
      const message = isBinColumn(field) ? 'belongs in the geometry' : describeUnknownColumn(field);
      unfit.push({ field, message });
    } else if (typeof value === 'string' || typeof value === 'number') fields[field] = value;
    else unfit.push({ field, message: 'must be a text or a number' });
  }
  return { fields, unfit };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
