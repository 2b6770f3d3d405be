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

/** One row or feature: its fields as far as they could be read, and what could not. */
export interface FileItem {
  readonly where: string;
  /** Undefined when nothing can be said about its fields. */
  readonly fields: BinFields | undefined;
  readonly mistakes: readonly Omit<FileMistake, 'where'>[];
}

/** A file's items in their order, or why it is no file of bins. */
export type FieldsResult =
  | { readonly ok: true; readonly items: readonly FileItem[] }
  | { readonly ok: false; readonly mistakes: readonly FileMistake[] };

export type BinsResult =
  | { readonly ok: true; readonly bins: readonly Bin[] }
  | { readonly ok: false; readonly mistakes: readonly FileMistake[] };

const text = (most: number): z.ZodType<string, string> =>
  z
    .string('is not a text')
    .max(most, `is longer than ${most} characters`)
    // Line breaks within a cell are usual in spreadsheets; other control characters are damage.
    .regex(/^[^\p{Cc}]*$/u, 'has control characters in it')
    .refine((value) => value.isWellFormed(), 'has half a character in it');

const description = z
  .string('is not a text')
  .max(2000, 'is longer than 2000 characters')
  .regex(/^[^\p{Cc}]*(?:[\n\t][^\p{Cc}]*)*$/u, 'has control characters in it')
  .refine((value) => value.isWellFormed(), 'has half a character in it');

const number = (least: number, most: number): z.ZodType<number, number> =>
  z.number(`is not a number`).min(least, `is below ${least}`).max(most, `is above ${most}`);

const BinRecord = z.strictObject({
  id: z
    .string('is not a text')
    .refine((value) => parseBinId(value) !== undefined, `is not ${ID_RULE}`),
  name: text(200),
  stream: z.enum(STREAMS, `is none of ${STREAMS.join(', ')}`),
  lat: number(-90, 90),
  lng: number(-180, 180),
  area: text(200).optional(),
  volume_litres: number(1, 1_000_000).optional(),
  threshold_percent: number(1, 100).optional(),
  description: description.optional(),
});

export const REQUIRED_COLUMNS: readonly BinColumn[] = ['id', 'name', 'stream', 'lat', 'lng'];

/** Judges all bins of a file and tells all mistakes at once, in the order of the file. */
export function toBins(items: readonly FileItem[]): BinsResult {
  const bins: Bin[] = [];
  const mistakes: FileMistake[] = [];
  const placeOf = new Map<string, string>();
  for (const { where, fields, mistakes: unread } of items) {
    const found: FileMistake[] = unread.map((mistake) => ({ where, ...mistake }));
    if (fields !== undefined) {
      found.push(...findMistakes(where, fields), ...findRepeated(where, fields, placeOf));
      const parsed = BinRecord.safeParse(fields);
      if (found.length === 0 && parsed.success) bins.push(toBin(parsed.data));
    }
    mistakes.push(...found);
  }
  return mistakes.length === 0 ? { ok: true, bins } : { ok: false, mistakes };
}

function findMistakes(where: string, fields: BinFields): FileMistake[] {
  const missing = REQUIRED_COLUMNS.filter((field) => fields[field] === undefined);
  const mistakes: FileMistake[] = missing.map((field) => ({ where, field, message: 'is missing' }));
  const parsed = BinRecord.safeParse(fields);
  for (const issue of parsed.error?.issues ?? []) {
    const field = String(issue.path[0]);
    if (missing.some((name) => name === field)) continue;
    const value = Object.entries(fields).find(([name]) => name === field)?.[1];
    mistakes.push({ where, field, message: `${showValue(value)} ${issue.message}` });
  }
  return mistakes;
}

function findRepeated(
  where: string,
  { id }: BinFields,
  placeOf: Map<string, string>,
): FileMistake[] {
  if (id === undefined) return [];
  const earlier = placeOf.get(String(id));
  placeOf.set(String(id), earlier ?? where);
  if (earlier === undefined) return [];
  return [{ where, field: 'id', message: `${showValue(id)} is in ${earlier} already` }];
}

/** Longer values are cut in messages: a file that is something else altogether may be one cell. */
const MOST_SHOWN = 60;

/** A value as a message shows it: without control characters, and not longer than a line. */
export function showValue(value: string | number | undefined): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN)}... (cut)`;
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
