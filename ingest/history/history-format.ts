import type { BinId, DeviceId } from '../../domain/ids.ts';

/** One row or message of a file, ready to go through ingest like any other message. */
export interface HistoryRecord {
  /** Its place in the file: the line, or the position in a list, from 1. Grows. */
  readonly line: number;
  readonly topic: string;
  readonly payload: Uint8Array;
  /** What is wrong with it. It goes through ingest all the same, and is set aside there. */
  readonly problem?: string;
  readonly deviceId?: DeviceId;
  /** The bin that the file says the device is in. */
  readonly binId?: BinId;
  readonly observedAtMs?: number;
  /** It tells something, but no level. */
  readonly withoutLevel?: true;
  /** Why the row was written, in the file's own word. */
  readonly reason?: string;
  /** Only of formats that promise one row for each device and day: the day, and what the row says of it. */
  readonly dayValue?: { readonly day: string; readonly value: string };
  /** Only of recorded messages: how a door took it in. */
  readonly recorded?: RecordedArrival;
}

/** What a recording tells about the arrival of a message. */
export interface RecordedArrival {
  readonly receivedAtMs: number;
  readonly principal: string | null;
  /** The door and its number there, where the recording tells. */
  readonly door: string;
  readonly seq: number;
  readonly qos: 0 | 1 | 2;
  readonly messageId: number | null;
  readonly dup: boolean;
}

/** How the files of one kind are read. */
export interface HistoryFormat {
  readonly name: string;
  /** Everything but the file's content that what is read depends on: part of the file's id. */
  readonly meaning: Readonly<Record<string, unknown>>;
  /**
   * The records of a file, in their order, always the same.
   * @param onBytes told how many more bytes have been read
   * @throws {@link HistoryFileError} when the file is not of this format at all
   */
  read(file: string, onBytes: (count: number) => void): AsyncIterable<HistoryRecord>;
}

/** A file that is not what it was said to be: its heading is wrong, or it cannot be read. Nothing of it is stored then. */
export class HistoryFileError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HistoryFileError';
  }
}
