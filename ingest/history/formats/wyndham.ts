import type { HistoryFormat } from '../history-format.ts';
import { parseNumber, readDevice, show, readFill } from '../read-cells.ts';
import { createTimeReader } from '../read-time.ts';
import type { TimeOfDay, TimeReader } from '../read-time.ts';
import { readTableRecords } from '../table-format.ts';
import type { Cells, RowResult, TableFormat } from '../table-format.ts';

/** Where the data are from. */
export const WYNDHAM_TIME_ZONE = 'Australia/Melbourne';

const DATE_FORMAT = 'DD-MM-YYYY';
const COLUMNS = ['Bin ID', 'Fullness', 'fullnessThreshold', 'timestamp', 'reason'] as const;

/**
 * Daily fill levels of the compacting bins of Wyndham City (data.gov.au): `Bin ID, Fullness, fullnessThreshold, timestamp,
 * reason`. Fullness is in tenths, 0 to 10; timestamp is a day without a time. Meant is one row for each bin and day.
 */
export function createWyndhamFormat(options: {
  readonly timeZone: string;
  readonly timeOfDay: TimeOfDay;
}): HistoryFormat {
  const readTime = createTimeReader({ dateFormat: DATE_FORMAT, ...options });
  const table: TableFormat = {
    name: 'wyndham',
    delimiter: ',',
    columns: COLUMNS,
    mostLinesBefore: 0,
    readRow: (cells) => readRow(cells, readTime),
  };
  return {
    name: table.name,
    meaning: { format: table.name, ...options },
    read: (file, onBytes) => readTableRecords(file, table, onBytes),
  };
}

function readRow(cells: Cells, readTime: TimeReader): RowResult {
  const { Fullness = '', timestamp = '', fullnessThreshold = '', reason = '' } = cells;
  const device = readDevice('Bin ID', cells['Bin ID'] ?? '');
  if (!device.ok) return device;
  const { deviceId } = device;
  const observedAtMs = readTime(timestamp);
  if (observedAtMs === undefined) {
    const detail = `timestamp ${show(timestamp)} is not a day written ${DATE_FORMAT}`;
    return { ok: false, reason: 'clock', detail, deviceId };
  }
  const fullness = parseNumber(Fullness);
  if (fullness === undefined || fullness < 0 || fullness > 10) {
    const detail = `Fullness ${show(Fullness)} is not a number from 0 to 10`;
    return { ok: false, reason: 'wrong-type', detail, deviceId };
  }
  return {
    ok: true,
    deviceId,
    observedAtMs,
    measurement: { fillPercent: readFill(fullness, 'tenths') },
    ...(reason !== '' && { reason }),
    dayValue: { day: timestamp, value: [Fullness, fullnessThreshold, reason].join(' ') },
  };
}
