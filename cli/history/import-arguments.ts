import { InvalidArgumentError } from 'commander';
import { isStream, STREAMS } from '../../domain/stream.ts';
import { CSV_FIELDS } from '../../ingest/history/formats/csv.ts';
import type { CsvField } from '../../ingest/history/formats/csv.ts';
import type { TimeOfDay } from '../../ingest/history/read-time.ts';
import type { StreamPairs } from './wyndham-bins.ts';

/** Parsers of the options of `tunna import readings`. Each throws what commander tells as a usage error. */

/** Headings by what they are. */
export type Columns = Readonly<Partial<Record<CsvField, string>>>;

/** `device=Sensor,time=When`; may be given several times. */
export function mapArgument(text: string, earlier: Columns = {}): Columns {
  const columns: Partial<Record<CsvField, string>> = { ...earlier };
  for (const pair of text.split(',')) {
    const [, name = '', heading = ''] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
    const field = CSV_FIELDS.find((known) => known === name);
    if (field === undefined || heading === '') {
      throw new InvalidArgumentError(
        `"${pair}" is not one of ${CSV_FIELDS.join(', ')}, "=" and a heading; a heading with a comma needs --mapping.`,
      );
    }
    if (columns[field] !== undefined) throw new InvalidArgumentError(`${field} is there twice.`);
    columns[field] = heading;
  }
  return columns;
}

export function timeZoneArgument(text: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return text;
  } catch {
    throw new InvalidArgumentError('It must be the name of a time zone, such as Europe/Stockholm.');
  }
}

export function timeOfDayArgument(text: string): TimeOfDay {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hour === undefined || minute === undefined) {
    throw new InvalidArgumentError('It must be a time of day, such as 06:30.');
  }
  return { hour: Number(hour), minute: Number(minute) };
}

export function delimiterArgument(text: string): string {
  const sign = text === 'tab' ? '\t' : text;
  if (sign.length === 1 && !/["\r\n]/.test(sign)) return sign;
  throw new InvalidArgumentError('It must be one sign, such as ";", or the word tab.');
}

/** `general=residual`. */
export function streamPairArgument(text: string, earlier: StreamPairs = {}): StreamPairs {
  const [, word, stream = ''] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (word === undefined || !isStream(stream)) {
    throw new InvalidArgumentError(
      `It must be a word, "=" and a stream; streams are ${STREAMS.join(', ')}.`,
    );
  }
  return { ...earlier, [word]: stream };
}
