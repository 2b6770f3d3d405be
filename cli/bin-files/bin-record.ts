import { z } from 'zod';
import { ID_RULE, parseBinId } from '../../domain/ids.ts';
import { DEFAULT_THRESHOLD_PERCENT, STREAMS } from '../../domain/stream.ts';
import type { Bin } from '../../store/bins.ts';
import { nearestName } from '../settings/nearest-name.ts';

/** Columns of a bin in files, in the order in which they are written. The first five must be there. */
export const BIN_COLUMNS = [
  'id',
  'name',
  'stream',
  'lat',
  'lng',
  'area',
  'volume_litres',
  'threshold_percent',
  'description',
] as const;
export type BinColumn = (typeof BIN_COLUMNS)[number];

/** A bin as files have it: a field that says nothing is left out. */
export type BinFields = Readonly<Partial<Record<BinColumn, string | number>>>;

/** One mistake in a file. */
export interface FileMistake {
  /** `row 3`, `feature 2`; absent when the mistake is about the file. */
  readonly where?: string;
  readonly field?: string;
  readonly message: string;
}

/** A file's fields by place, or why it is no file of bins. */
export type FieldsResult =
  | { readonly ok: true; readonly items: readonly { where: string; fields: BinFields }[] }
  | { readonly ok: false; readonly mistakes: readonly FileMistake[] };

export type BinsResult =
  | { readonly ok: true; readonly bins: readonly Bin[] }
  | { readonly ok: false; readonly mistakes: readonly FileMistake[] };

const text = (most: number): z.ZodType<string, string> =>
  z
    .string()
    .max(most, `is longer than ${most} characters`)
    // Line breaks within a cell are usual in spreadsheets; other control characters are damage.
    .regex(/^[^\p{Cc}]*$/u, 'has control characters in it')
    .refine((value) => value.isWellFormed(), 'has half a character in it');

const description = z
  .string()
  .max(2000, 'is longer than 2000 characters')
  .regex(/^[^\p{Cc}]*(?:[\n\t][^\p{Cc}]*)*$/u, 'has control characters in it')
  .refine((value) => value.isWellFormed(), 'has half a character in it');

const number = (least: number, most: number): z.ZodType<number, number> =>
  z.number(`is not a number`).min(least, `is below ${least}`).max(most, `is above ${most}`);

const BinRecord = z.strictObject({
  id: z.string().refine((value) => parseBinId(value) !== undefined, `is not ${ID_RULE}`),
  name: text(200),
  stream: z.enum(STREAMS, `is none of ${STREAMS.join(', ')}`),
  lat: number(-90, 90),
  lng: number(-180, 180),
  area: text(200).optional(),
  volume_litres: number(1, 1_000_000).optional(),
  threshold_percent: number(1, 100).optional(),
  description: description.optional(),
});

const REQUIRED: readonly BinColumn[] = ['id', 'name', 'stream', 'lat', 'lng'];

/** Judges all bins of a file and tells all mistakes at once. */
export function toBins(items: readonly { where: string; fields: BinFields }[]): BinsResult {
  const bins: Bin[] = [];
  const mistakes: FileMistake[] = [];
  const placeOf = new Map<string, string>();
  for (const { where, fields } of items) {
    const found = findMistakes(where, fields);
    const parsed = BinRecord.safeParse(fields);
    const earlier = placeOf.get(String(fields.id));
    if (earlier !== undefined) {
      found.push({ where, field: 'id', message: `"${fields.id}" is in ${earlier} already` });
    }
    if (fields.id !== undefined) placeOf.set(String(fields.id), where);
    if (found.length > 0) mistakes.push(...found);
    else if (parsed.success) bins.push(toBin(parsed.data));
  }
  return mistakes.length === 0 ? { ok: true, bins } : { ok: false, mistakes };
}

function findMistakes(where: string, fields: BinFields): FileMistake[] {
  const missing = REQUIRED.filter((field) => fields[field] === undefined);
  const mistakes: FileMistake[] = missing.map((field) => ({ where, field, message: 'is missing' }));
  const parsed = BinRecord.safeParse(fields);
  for (const issue of parsed.error?.issues ?? []) {
    const field = String(issue.path[0]);
    if (missing.some((name) => name === field)) continue;
    const value = Object.entries(fields).find(([name]) => name === field)?.[1];
    mistakes.push({ where, field, message: `${JSON.stringify(value)} ${issue.message}` });
  }
  return mistakes;
}

function toBin(record: z.output<typeof BinRecord>): Bin {
  const id = parseBinId(record.id);
  if (id === undefined) throw new Error(`The id ${record.id} was checked and is wrong`);
  return {
    id,
    name: record.name,
    description: record.description ?? null,
    stream: record.stream,
    area: record.area ?? null,
    location: { lat: record.lat, lng: record.lng },
    volumeLitres: record.volume_litres ?? null,
    thresholdPercent: record.threshold_percent ?? DEFAULT_THRESHOLD_PERCENT[record.stream],
  };
}

/** A bin as files have it. */
export function toFields(bin: Bin): BinFields {
  return {
    id: bin.id,
    name: bin.name,
    stream: bin.stream,
    lat: bin.location.lat,
    lng: bin.location.lng,
    ...(bin.area !== null && { area: bin.area }),
    ...(bin.volumeLitres !== null && { volume_litres: bin.volumeLitres }),
    threshold_percent: bin.thresholdPercent,
    ...(bin.description !== null && { description: bin.description }),
  };
}

export function isBinColumn(name: string): name is BinColumn {
  return (BIN_COLUMNS as readonly string[]).includes(name);
}

/** What to say about a column that is not one: a misspelt one would otherwise be lost in silence. */
export function describeUnknownColumn(name: string): string {
  const near = nearestName(name, BIN_COLUMNS);
  const advice =
    near === undefined ? `columns are ${BIN_COLUMNS.join(', ')}` : `did you mean ${near}?`;
  return `is not a column; ${advice}`;
}
