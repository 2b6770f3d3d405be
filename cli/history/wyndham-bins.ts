import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { errorText } from '../../domain/error-text.ts';
import { parseBinId } from '../../domain/ids.ts';
import type { Stream } from '../../domain/stream.ts';
import { listBins, saveBins } from '../../store/bins.ts';
import type { Bin } from '../../store/bins.ts';
import type { Store } from '../../store/database.ts';
import { EXIT, Refusal } from '../exit-codes.ts';

/** What the words of a file mean as streams. */
export type StreamPairs = Readonly<Record<string, Stream>>;

const COLUMNS = ['serial', 'description', 'latitude', 'longitude', 'threshold', 'stream', 'suburb'];

/**
 * Adds the bins of Wyndham's `containers.csv` that are not there yet. The threshold is in tenths. What `general` and
 * `recycling` are in this town, an operator says.
 */
export async function importWyndhamBins(
  store: Store,
  file: string,
  streams: StreamPairs,
  dryRun: boolean,
): Promise<{ readonly added: number; readonly there: number }> {
  const rows = await readRows(file);
  const bins = rows.map((row, index) => toBin(row, `${file}, row ${index + 2}`, streams));
  const known = new Set((await listBins(store)).map(({ id }) => id));
  const missing = bins.filter(({ id }) => !known.has(id));
  if (missing.length > 0 && !dryRun) await saveBins(store, missing);
  return { added: missing.length, there: bins.length - missing.length };
}

type Row = Readonly<Record<string, string>>;

async function readRows(file: string): Promise<Row[]> {
  const rows: Row[] = [];
  try {
    const parser = createReadStream(file).pipe(parse({ columns: true, bom: true, trim: true }));
    // Safe: with the option `columns` the parser gives each row by its headings.
    for await (const row of parser) rows.push(row as Row);
  } catch (error) {
    throw new Refusal(EXIT.failure, `${file} cannot be read: ${errorText(error)}`, {
      cause: error,
    });
  }
  const missing = COLUMNS.filter((name) => rows[0]?.[name] === undefined);
  if (missing.length === 0) return rows;
  throw new Refusal(EXIT.failure, `${file} has no column ${missing.join(', ')}`);
}

function toBin(row: Row, where: string, streams: StreamPairs): Bin {
  const { serial = '', description = '', stream = '', suburb = '' } = row;
  const id = parseBinId(serial);
  const meant = Object.hasOwn(streams, stream) ? streams[stream] : undefined;
  const lat = Number(row['latitude']);
  const lng = Number(row['longitude']);
  const thresholdPercent = Number(row['threshold']) * 10;
  if (meant === undefined) {
    throw new Refusal(
      EXIT.usage,
      `${where}: say what ${stream} is, such as --stream ${stream}=residual`,
    );
  }
  const isPlace = Math.abs(lat) <= 90 && Math.abs(lng) <= 180;
  if (id === undefined || !isPlace || !(thresholdPercent >= 1 && thresholdPercent <= 100)) {
    throw new Refusal(EXIT.failure, `${where} has no sound serial, place or threshold`);
  }
  return {
    ...{ id, name: description === '' ? serial : description, description: null },
    ...{ stream: meant, area: suburb === '' ? null : suburb },
    ...{ location: { lat, lng }, volumeLitres: null, thresholdPercent },
  };
}
