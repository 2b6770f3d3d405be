import { createReadStream } from 'node:fs';

/** A line of a file, without its end. */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** `undefined`: it is not UTF-8, or longer than {@link MAX_LINE_BYTES}. */
  readonly text: string | undefined;
  /** The bytes, at most {@link MAX_LINE_BYTES} of them. */
  readonly bytes: Uint8Array;
  readonly problem?: string;
}

/** Longer than any message that ingest reads, in base64: what is longer is no line of text. */
export const MAX_LINE_BYTES = 512 * 1024;

const LF = 0x0a;
const CR = 0x0d;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a text file line by line without holding more of it than a line. Lines end in LF or CR LF. A byte order mark at the
 * beginning is passed over. No byte of a longer UTF-8 character looks like a line end, so a damaged line harms no other.
 */
export async function* readLines(
  file: string,
  onBytes: (count: number) => void = () => {},
): AsyncGenerator<Line> {
  let number = 0;
  const pending = new PendingLine();
  for await (const chunk of createReadStream(file)) {
    // Safe: without an encoding a file stream gives buffers.
    const bytes = chunk as Buffer;
    onBytes(bytes.length);
    let start = 0;
    for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF, start)) {
      pending.add(bytes.subarray(start, end));
      start = end + 1;
      number += 1;
      yield toLine(number, pending);
    }
    pending.add(bytes.subarray(start));
  }
  if (!pending.isEmpty) yield toLine(number + 1, pending);
}

function toLine(number: number, pending: PendingLine): Line {
  const { bytes, isCut } = pending.take();
  if (isCut) {
    return { number, text: undefined, bytes, problem: `is longer than ${MAX_LINE_BYTES} bytes` };
  }
  const withoutCr = bytes.at(-1) === CR ? bytes.subarray(0, -1) : bytes;
  try {
    const text = UTF8.decode(withoutCr);
    // The decoder takes a byte order mark off by itself, as it should at the beginning of the file.
    return { number, text, bytes: withoutCr };
  } catch {
    return { number, text: undefined, bytes: withoutCr, problem: 'is not UTF-8' };
  }
}

/** The line that is being read: its first bytes, and whether there were more. */
class PendingLine {
  #parts: Buffer[] = [];
  #length = 0;
  #isCut = false;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  add(part: Buffer): void {
    const room = MAX_LINE_BYTES - this.#length;
    if (part.length > room) this.#isCut = true;
    const kept = part.subarray(0, Math.max(0, room));
    if (kept.length === 0) return;
    this.#parts.push(kept);
    this.#length += kept.length;
  }

  take(): { readonly bytes: Buffer; readonly isCut: boolean } {
    const [only] = this.#parts;
    const bytes =
      this.#parts.length === 1 && only !== undefined ? only : Buffer.concat(this.#parts);
    const isCut = this.#isCut;
    this.#parts = [];
    this.#length = 0;
    this.#isCut = false;
    return { bytes, isCut };
  }
}
