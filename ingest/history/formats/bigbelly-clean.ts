import type { HistoryFormat } from '../history-format.ts';
import { parseNumber, readDevice, show, readFill } from '../read-cells.ts';
import { createTimeReader, NOON } from '../read-time.ts';
import type { TimeReader } from '../read-time.ts';
import { readTableRecords } from '../table-format.ts';
import type { Cells, RowResult, TableFormat } from '../table-format.ts';

/** As the export writes times where it was seen, an American account. */
export const BIGBELLY_DATE_FORMAT = 'M/D/YYYY H:mm';

const SERIAL = 'Serial';
const REASON = 'Reason';
const FULLNESS = 'Fullness Level at Collection';
const TIME = 'Collection Time';

/** Lines with the account, the period and the filters, two of them empty, which do not count. */
const LINES_BEFORE = 10;

/**
 * "Daily Collection Activity" as Bigbelly CLEAN exports it: ten lines about the account, a heading, then one row for each
 * visit: `Serial, Description, Capacity, Stream Type, Reason, Fullness Level at Collection, Collection Time, Note`. The
 * level is the one that the crew found, `60%`; a visit because of an alert has none ("Alert - Unknown Fullness"). The reason
 * is NOT_READY, FULLNESS, AGE or ALERT, in words such as "Not Ready".
 */
export function createBigbellyCleanFormat(options: {
  readonly timeZone: string;
  readonly dateFormat: string;
}): HistoryFormat {
  const readTime = createTimeReader({ ...options, timeOfDay: NOON });
  const table: TableFormat = {
    name: 'bigbelly-clean',
    delimiter: ',',
    columns: [SERIAL, REASON, FULLNESS, TIME],
    mostLinesBefore: LINES_BEFORE,
    readRow: (cells) => readRow(cells, readTime, options.dateFormat),
  };
  return {
    name: table.name,
    meaning: { format: table.name, ...options },
    read: (file, onBytes) => readTableRecords(file, table, onBytes),
  };
}

function readRow(cells: Cells, readTime: TimeReader, dateFormat: string): RowResult {
  const device = readDevice(SERIAL, cells[SERIAL] ?? '');
  if (!device.ok) return device;
  const { deviceId } = device;
  const time = cells[TIME] ?? '';
  const observedAtMs = readTime(time);
  if (observedAtMs === undefined) {
    const detail = `${TIME} ${show(time)} is not written ${dateFormat}`;
    return { ok: false, reason: 'clock', detail, deviceId };
  }
  const reason = toReason(cells[REASON] ?? '');
  const level = cells[FULLNESS] ?? '';
  const percent = level.endsWith('%') ? parseNumber(level.slice(0, -1).trim()) : undefined;
  if (percent === undefined && reason !== 'ALERT') {
    const detail = `${FULLNESS} ${show(level)} is not a percentage`;
    return { ok: false, reason: 'wrong-type', detail, deviceId };
  }
  const measurement = percent === undefined ? {} : { fillPercent: readFill(percent, 'percent') };
  return { ok: true, deviceId, observedAtMs, measurement, ...(reason !== '' && { reason }) };
}

/** In the words of the CLEAN API: the export writes "Not Ready" for NOT_READY. */
function toReason(text: string): string {
  return text.toUpperCase().replaceAll(/\s+/g, '_');
}
