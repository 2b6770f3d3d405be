import { readFileSync } from 'node:fs';
import path from 'node:path';
import { errorText } from '../../domain/error-text.ts';
import type { Bin } from '../../store/bins.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { toBins } from './bin-record.ts';
import type { BinsResult, FileMistake } from './bin-record.ts';
import { readCsv, writeCsv } from './csv.ts';
import { readGeoJson, writeGeoJson } from './geojson.ts';

/** Of a heading that is no column at all, this much is told. */
const MOST_OF_A_FIELD = 40;

export const BIN_FORMATS = ['csv', 'geojson'] as const;
export type BinFormat = (typeof BIN_FORMATS)[number];

/** The format that was asked for, or else the one the file's name ends in. Throws a {@link Refusal} when neither says it. */
export function formatOf(file: string | undefined, asked: BinFormat | undefined): BinFormat {
  if (asked !== undefined) return asked;
  const ending = path.extname(file ?? '').toLowerCase();
  if (ending === '.csv' || ending === '.tsv') return 'csv';
  if (ending === '.geojson' || ending === '.json') return 'geojson';
  throw new Refusal(EXIT.usage, 'say --format csv or --format geojson');
}

/** Reads a file of bins as a whole. Throws a {@link Refusal} when it cannot be read at all. */
export function readBinFile(file: string, format: BinFormat): BinsResult {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new Refusal(EXIT.failure, `${file} cannot be read: ${errorText(error)}`, {
      cause: error,
    });
  }
  return parseBinFile(bytes, format);
}

/** Bins from a file's bytes, or all its mistakes. */
export function parseBinFile(bytes: Uint8Array, format: BinFormat): BinsResult {
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    const message = 'is not UTF-8; in Excel, save it as "CSV UTF-8 (comma delimited)"';
    return { ok: false, mistakes: [{ message }] };
  }
  const read = format === 'csv' ? readCsv(text) : readGeoJson(text);
  return read.ok ? toBins(read.items) : read;
}

export function writeBins(bins: readonly Bin[], format: BinFormat): string {
  return format === 'csv' ? writeCsv(bins) : writeGeoJson(bins);
}

/** A mistake as one line, such as `row 3, lat: "x" is not a number`. */
export function describeFileMistake({ where, field, message }: FileMistake): string {
  // A field may be any text of the file, such as a heading: it must not rewrite the operator's screen.
  const shown = field?.slice(0, MOST_OF_A_FIELD).replaceAll(/\p{Cc}/gu, '\uFFFD');
  const place = [where, shown].filter((part) => part !== undefined && part !== '').join(', ');
  return place === '' ? `the file ${message}` : `${place}: ${message}`;
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
