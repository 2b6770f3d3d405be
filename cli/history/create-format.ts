import {
  createBigbellyCleanFormat,
  BIGBELLY_DATE_FORMAT,
} from '../../ingest/history/formats/bigbelly-clean.ts';
import { createCsvFormat } from '../../ingest/history/formats/csv.ts';
import { DTU_FORMAT } from '../../ingest/history/formats/dtu.ts';
import { createWyndhamFormat, WYNDHAM_TIME_ZONE } from '../../ingest/history/formats/wyndham.ts';
import type { HistoryFormat } from '../../ingest/history/history-format.ts';
import type { FillScale } from '../../ingest/history/read-cells.ts';
import { ABSOLUTE_FORMATS, NOON } from '../../ingest/history/read-time.ts';
import type { TimeOfDay } from '../../ingest/history/read-time.ts';
import type { LengthUnit } from '../../ingest/sources/source.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import type { Columns } from './import-arguments.ts';
import { readMapping } from './read-mapping.ts';

export const HISTORY_FORMATS = ['wyndham', 'bigbelly-clean', 'csv', 'dtu'] as const;
export type HistoryFormatName = (typeof HISTORY_FORMATS)[number];

/** Options that say how a file is to be read, as commander gives them. */
export interface FormatOptions {
  readonly format: HistoryFormatName;
  readonly timeZone?: string;
  readonly timeOfDay?: TimeOfDay;
  readonly dateFormat?: string;
  readonly map?: Columns;
  readonly mapping?: string;
  readonly fillScale?: FillScale;
  readonly distanceUnit?: LengthUnit;
  readonly delimiter?: string;
  readonly decimalComma?: true;
}

type ReadingOption = Exclude<keyof FormatOptions, 'format'>;

const FLAGS: Record<ReadingOption, string> = {
  timeZone: '--time-zone',
  timeOfDay: '--time-of-day',
  dateFormat: '--date-format',
  map: '--map',
  mapping: '--mapping',
  fillScale: '--fill-scale',
  distanceUnit: '--distance-unit',
  delimiter: '--delimiter',
  decimalComma: '--decimal-comma',
};

/** What each format may be told. */
const TAKES: Record<HistoryFormatName, readonly string[]> = {
  wyndham: ['timeZone', 'timeOfDay'],
  'bigbelly-clean': ['timeZone', 'dateFormat'],
  csv: Object.keys(FLAGS),
  dtu: [],
};

/** The format of the options. Throws a {@link Refusal} when something is missing, does not fit, or would be passed over. */
export function createFormat(options: FormatOptions): HistoryFormat {
  const { format } = options;
  for (const [name, flag] of Object.entries(FLAGS)) {
    // Safe: the keys of FLAGS are the options.
    if (options[name as ReadingOption] === undefined || TAKES[format].includes(name)) continue;
    throw new Refusal(EXIT.usage, `${flag} is not for the format ${format}`);
  }
  try {
    return CREATE[format](options);
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal(EXIT.usage, error.message, { cause: error });
    throw error;
  }
}

const CREATE: Record<HistoryFormatName, (options: FormatOptions) => HistoryFormat> = {
  wyndham: ({ timeZone = WYNDHAM_TIME_ZONE, timeOfDay = NOON }) =>
    createWyndhamFormat({ timeZone, timeOfDay }),
  'bigbelly-clean': ({ timeZone, dateFormat = BIGBELLY_DATE_FORMAT }) => {
    const needed = 'the export does not say in which time zone it is: say --time-zone';
    if (timeZone === undefined) throw new Refusal(EXIT.usage, needed);
    return createBigbellyCleanFormat({ timeZone, dateFormat });
  },
  csv: createCsv,
  dtu: () => DTU_FORMAT,
};

function createCsv(options: FormatOptions): HistoryFormat {
  const { columns: named, ...told } =
    options.mapping === undefined ? {} : readMapping(options.mapping);
  const { dateFormat, timeZone, fillScale, distanceUnit, ...rest } = { ...told, ...given(options) };
  const columns = { ...named, ...options.map };
  const { device = columns.bin, time } = columns;
  if (device === undefined || time === undefined) {
    throw new Refusal(
      EXIT.usage,
      'csv needs to know which columns are device and time: say --map or --mapping',
    );
  }
  const values = ['fill', 'distance', 'temperature', 'battery', 'voltage'] as const;
  if (values.every((field) => columns[field] === undefined)) {
    throw new Refusal(EXIT.usage, `csv needs at least one of the columns ${values.join(', ')}`);
  }
  assertTold('--fill-scale', 'fill', columns.fill, fillScale);
  assertTold('--distance-unit', 'distance', columns.distance, distanceUnit);
  if (dateFormat === undefined) {
    throw new Refusal(EXIT.usage, 'csv needs to know how times are written: say --date-format');
  }
  if (timeZone === undefined && !ABSOLUTE_FORMATS.some((known) => known === dateFormat)) {
    throw new Refusal(EXIT.usage, `times like ${dateFormat} need a time zone: say --time-zone`);
  }
  const { timeOfDay = NOON, delimiter = ',', decimalComma = false } = rest;
  return createCsvFormat({
    columns: { ...columns, device, time },
    time: { dateFormat, timeOfDay, ...(timeZone !== undefined && { timeZone }) },
    ...{ delimiter, decimalComma },
    ...(fillScale !== undefined && { fillScale }),
    ...(distanceUnit !== undefined && { distanceUnit }),
  });
}

/** What was said on the command line, which goes before the mapping. */
function given(options: FormatOptions): Omit<FormatOptions, 'format' | 'map' | 'mapping'> {
  const { format: _, map: __, mapping: ___, ...rest } = options;
  return rest;
}

function assertTold(flag: string, field: string, heading: string | undefined, told: unknown): void {
  if (heading !== undefined && told === undefined) {
    throw new Refusal(EXIT.usage, `nothing in a number tells what a ${field} is: say ${flag}`);
  }
  if (heading === undefined && told !== undefined) {
    throw new Refusal(EXIT.usage, `${flag} is for a column of ${field}, and none is mapped`);
  }
}
