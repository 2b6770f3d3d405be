import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { JournalBatch, JournalReader } from '../../journal/reader.ts';
import type { JournalRecord } from '../../journal/record.ts';
import type { HistoryFormat, HistoryRecord } from './history-format.ts';
import { IMPORT_DOOR } from './imported-row.ts';

/**
 * The id of a file as a journal: of its content, and of everything else that its meaning depends on. A file that has grown, or that
 * is read with another time zone, is another one.
 */
export async function hashFile(file: string, format: HistoryFormat): Promise<string> {
  const hash = createHash('sha256').update(`${stableJson(format.meaning)}\0`);
  // Safe: without an encoding a file stream gives buffers.
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return `file-${hash.digest('hex')}`;
}

/** JSON whose keys are in alphabetical order, however an object was put together. */
function stableJson(value: unknown): string {
  return JSON.stringify(value, (_, held: unknown) =>
    typeof held === 'object' && held !== null && !Array.isArray(held)
      ? Object.fromEntries(Object.entries(held).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : held,
  );
}

/**
 * A file as a journal that is only read: its records are numbered by their lines, and ingest keeps a cursor of how far it has
 * come. Records are fetched first, a batch at a time, since ingest reads journals at once.
 */
export class FileJournal implements JournalReader {
  readonly id: string;
  readonly door = IMPORT_DOOR;
  /** Headings and blank lines have numbers too. */
  readonly isGapless = false;
  readonly file: string;
  readonly #records: AsyncIterator<HistoryRecord>;
  readonly #receivedAtMs: number;
  #fetched: readonly HistoryRecord[] = [];

  /** @param receivedAtMs when rows that are no recorded messages arrive: now */
  constructor(options: {
    readonly id: string;
    readonly file: string;
    readonly records: AsyncIterable<HistoryRecord>;
    readonly receivedAtMs: number;
  }) {
    this.id = options.id;
    this.file = options.file;
    this.#records = options.records[Symbol.asyncIterator]();
    this.#receivedAtMs = options.receivedAtMs;
  }

  /** Fetches the next records: at most `limit`, and about `maxBytes` of payload. None: the file has ended. */
  async fetch(limit: number, maxBytes: number): Promise<readonly HistoryRecord[]> {
    const records: HistoryRecord[] = [];
    let bytes = 0;
    while (records.length < limit && bytes < maxBytes) {
      const next = await this.#records.next();
      if (next.done === true) break;
      records.push(next.value);
      bytes += next.value.payload.length;
    }
    this.#fetched = records;
    return records;
  }

  /** It is read once, whole. */
  isReplaced(): boolean {
    return false;
  }

  /** The fetched records that follow a number; the limits held when they were fetched. */
  read(afterSeq: number): JournalBatch {
    const records = this.#fetched.filter(({ line }) => line > afterSeq);
    return { records: records.map((record) => this.#toJournalRecord(record)), corrupt: [] };
  }

  #toJournalRecord({ line, topic, payload, recorded }: HistoryRecord): JournalRecord {
    const common = { seq: line, topic, payload, backfill: true };
    if (recorded === undefined) {
      const receivedAtMs = this.#receivedAtMs;
      return { ...common, receivedAtMs, principal: null, qos: 0, messageId: null, dup: false };
    }
    const { door, seq, ...arrival } = recorded;
    return { ...common, ...arrival, origin: { door, seq } };
  }

  newestSeq(): number {
    return this.#fetched.at(-1)?.line ?? 0;
  }

  hasNews(): boolean {
    return this.#fetched.length > 0;
  }

  close(): void {
    this.#fetched = [];
  }
}
