import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { parseDeviceId } from '../../../domain/ids.ts';
import { parseRfc3339 } from '../../envelopes/rfc3339.ts';
import { DtuReception, writeDtuUplink } from '../dtu-uplink.ts';
import { HistoryFileError } from '../history-format.ts';
import type { HistoryFormat, HistoryRecord } from '../history-format.ts';
import { writeBadRow } from '../imported-row.ts';

/** The file is one JSON document and is read as a whole. */
export const MAX_DOCUMENT_BYTES = 256 * 1024 * 1024;

const DtuFile = z.looseObject({ data: z.array(z.unknown()) });

/**
 * Receptions of one frame come within some hundredths of a second of each other, and no device sends again that soon (its
 * receive windows alone take 2 s: LoRaWAN 1.0.4, 3.3).
 */
const FRAME_WINDOW_MS = 2_000;

/**
 * Uplinks of the pilot at the Technical University of Denmark (2016): `{"data": [{node_eui, data, data_raw, time, ...}]}`,
 * one entry for each reception. {@link DtuReception} says what is in it.
 */
export const DTU_FORMAT: HistoryFormat = {
  name: 'dtu',
  meaning: { format: 'dtu' },
  async *read(file, onBytes) {
    const document = readDocument(file, onBytes);
    const parsed = DtuFile.safeParse(document);
    if (!parsed.success) {
      throw new HistoryFileError('it is no file of the format dtu: the list "data" is missing');
    }
    yield* dtuRecords(parsed.data.data);
  },
};

/** Whether a JSON document looks like a file of this format. */
export function isDtuDocument(document: unknown): boolean {
  const parsed = DtuFile.safeParse(document);
  return parsed.success && parsed.data.data.every((entry) => DtuReception.safeParse(entry).success);
}

/** Reads a JSON file as a whole. Throws a {@link HistoryFileError} when it is none. */
export function readDocument(file: string, onBytes: (count: number) => void): unknown {
  const { size } = statSync(file);
  if (size > MAX_DOCUMENT_BYTES) {
    throw new HistoryFileError(
      `it is larger than ${MAX_DOCUMENT_BYTES} bytes, too large for one JSON document`,
    );
  }
  const text = readFileSync(file, 'utf8');
  onBytes(size);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HistoryFileError('it is not a JSON document', { cause: error });
  }
}

/** The receptions as records, each with the time of its frame. */
export function* dtuRecords(entries: readonly unknown[]): Generator<HistoryRecord> {
  const frames = findFrames(entries);
  for (const [index, entry] of entries.entries()) {
    yield toRecord(index + 1, entry, frames.get(index));
  }
}

function toRecord(line: number, entry: unknown, frameAtMs: number | undefined): HistoryRecord {
  const parsed = DtuReception.safeParse(entry);
  const deviceId = parsed.success ? parseDeviceId(parsed.data.node_eui) : undefined;
  if (parsed.success && deviceId !== undefined && frameAtMs !== undefined) {
    const message = writeDtuUplink(deviceId, parsed.data, frameAtMs);
    return { line, ...message, deviceId, observedAtMs: frameAtMs };
  }
  const [reason, what] = parsed.success
    ? deviceId === undefined
      ? (['bad-id', 'node_eui is no id'] as const)
      : (['clock', 'time is not an RFC 3339 time'] as const)
    : (['wrong-type', 'data, node_eui or time is missing or no text'] as const);
  const detail = `entry ${line}: ${what}`;
  const bad = writeBadRow('dtu', JSON.stringify(entry), { reason, detail }, deviceId);
  return { line, ...bad, problem: detail };
}

/** The time of the frame of each reception, by its place in the list. */
function findFrames(entries: readonly unknown[]): Map<number, number> {
  const receptions = entries.flatMap((entry, index) => {
    const parsed = DtuReception.safeParse(entry);
    const atMs = parsed.success ? parseRfc3339(parsed.data.time) : undefined;
    if (!parsed.success || atMs === undefined) return [];
    const { node_eui, data } = parsed.data;
    return [{ index, atMs, content: JSON.stringify([node_eui, data]) }];
  });
  const frames = new Map<number, number>();
  const newest = new Map<string, number>();
  for (const { index, atMs, content } of receptions.toSorted((a, b) => a.atMs - b.atMs)) {
    const before = newest.get(content);
    const frameAtMs = before !== undefined && atMs - before <= FRAME_WINDOW_MS ? before : atMs;
    newest.set(content, frameAtMs);
    frames.set(index, frameAtMs);
  }
  return frames;
}
