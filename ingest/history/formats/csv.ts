import { parseBinId } from '../../../domain/ids.ts';
import type { BinId } from '../../../domain/ids.ts';
import type { Measurement } from '../../../domain/measurement.ts';
import { toMillimetres } from '../../envelopes/scale-values.ts';
import type { LengthUnit } from '../../sources/source.ts';
import type { HistoryFormat } from '../history-format.ts';
import { parseNumber, readDevice, show, readFill } from '../read-cells.ts';
import type { BadRow, FillScale } from '../read-cells.ts';
import { createTimeReader } from '../read-time.ts';
import type { TimeFormat, TimeReader } from '../read-time.ts';
import { readTableRecords } from '../table-format.ts';
import type { Cells, RowResult, TableFormat } from '../table-format.ts';

/** What a column can be mapped to. */
export const CSV_FIELDS = [
  'device',
  'bin',
  'time',
  'fill',
  'distance',
  'temperature',
  'battery',
  'voltage',
] as const;
export type CsvField = (typeof CSV_FIELDS)[number];

export const DISTANCE_UNITS = ['mm', 'cm', 'm'] as const satisfies readonly LengthUnit[];

/** How a table that Tunna has never seen is to be read. Nothing of it is guessed. */
export interface CsvOptions {
  /** Headings by what they are; `device` and `time` are needed. */
  readonly columns: Readonly<Partial<Record<CsvField, string>>> & {
    readonly device: string;
    readonly time: string;
  };
  /** Needed with a column of fills. */
  readonly fillScale?: FillScale;
  /** Needed with a column of distances. */
  readonly distanceUnit?: LengthUnit;
  readonly time: TimeFormat;
  readonly delimiter: string;
  readonly decimalComma: boolean;
}

/** A table with a heading and one reading a row. Throws a RangeError when the times cannot be read so. */
export function createCsvFormat(options: CsvOptions): HistoryFormat {
  const readTime = createTimeReader(options.time);
  const table: TableFormat = {
    name: 'csv',
    delimiter: options.delimiter,
    columns: [...new Set(Object.values(options.columns))],
    mostLinesBefore: 0,
    readRow: (cells) => readRow(cells, options, readTime),
  };
  return {
    name: table.name,
    meaning: { format: table.name, ...options },
    read: (file, onBytes) => readTableRecords(file, table, onBytes),
  };
}

function readRow(cells: Cells, options: CsvOptions, readTime: TimeReader): RowResult {
  const { columns } = options;
  const device = readDevice(columns.device, cells[columns.device] ?? '');
  if (!device.ok) return device;
  const { deviceId } = device;
  const time = cells[columns.time] ?? '';
  const observedAtMs = readTime(time);
  if (observedAtMs === undefined) {
    const detail = `${columns.time} ${show(time)} is not written ${options.time.dateFormat}`;
    return { ok: false, reason: 'clock', detail, deviceId };
  }
  const values = readValues(cells, options);
  if ('ok' in values) return { ...values, deviceId };
  if (Object.keys(values).length === 0) {
    return { ok: false, reason: 'no-level', detail: 'all its values are empty', deviceId };
  }
  const bin = readBin(cells, columns.bin);
  if (typeof bin === 'object') return { ...bin, deviceId };
  return { ok: true, deviceId, observedAtMs, measurement: values, ...(bin && { binId: bin }) };
}

/** What the number of a column is in Tunna's units. */
const VALUES: Record<
  Exclude<CsvField, 'device' | 'bin' | 'time'>,
  (value: number, options: CsvOptions) => Measurement
> = {
  fill: (value, { fillScale = 'percent' }) => ({ fillPercent: readFill(value, fillScale) }),
  distance: (value, { distanceUnit = 'mm' }) => ({
    distanceMm: toMillimetres(value, distanceUnit),
  }),
  temperature: (value) => ({ temperatureC: value }),
  battery: (value) => ({ batteryPercent: value }),
  voltage: (value) => ({ batteryV: value }),
};

function readValues(cells: Cells, options: CsvOptions): Measurement | BadRow {
  let measurement: Measurement = {};
  for (const [field, toValues] of Object.entries(VALUES)) {
    // Safe: the keys of VALUES are fields.
    const heading = options.columns[field as keyof typeof VALUES];
    const cell = heading === undefined ? '' : (cells[heading] ?? '');
    if (cell === '') continue;
    const text = field === 'fill' ? withoutPercentSign(cell, options.fillScale) : cell;
    const value = parseNumber(text, options.decimalComma);
    if (value === undefined) {
      const detail = `${heading ?? field} ${show(cell)} is not a number`;
      return { ok: false, reason: 'wrong-type', detail };
    }
    measurement = { ...measurement, ...toValues(value, options) };
  }
  return measurement;
}

/** Spreadsheets write it behind the number. With another scale it would be a contradiction. */
function withoutPercentSign(cell: string, scale: FillScale | undefined): string {
  const isPercent = scale === 'percent' || scale === 'remaining-percent';
  return isPercent && cell.endsWith('%') ? cell.slice(0, -1).trimEnd() : cell;
}

function readBin(cells: Cells, heading: string | undefined): BinId | undefined | BadRow {
  const cell = heading === undefined ? '' : (cells[heading] ?? '');
  if (cell === '') return undefined;
  const detail = `${heading ?? 'bin'} ${show(cell)} is no id of a bin`;
  return parseBinId(cell) ?? { ok: false, reason: 'bad-id', detail };
}
