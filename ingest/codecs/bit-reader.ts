/**
 * Reads unsigned numbers of any width from bytes, most significant bit first, wherever bytes begin.
 * Reading past the end gives `NaN` and marks the reader `overrun`, as `ByteReader` does.
 */
export class BitReader {
  readonly #bytes: Uint8Array;
  #offset = 0;
  #overrun = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Something was read that is not there. */
  get overrun(): boolean {
    return this.#overrun;
  }

  /** An unsigned number of `width` bits, at most 32. */
  bits(width: number): number {
    if (!this.#take(width)) return NaN;
    let value = 0;
    for (let at = this.#offset - width; at < this.#offset; at++) {
      const byte = this.#bytes[at >> 3] ?? 0;
      value = value * 2 + ((byte >> (7 - (at & 7))) & 1);
    }
    return value;
  }

  /** One bit as a flag. */
  flag(): boolean {
    return this.bits(1) === 1;
  }

  skip(width: number): void {
    this.#take(width);
  }

  #take(width: number): boolean {
    const end = this.#bytes.length * 8;
    if (this.#offset + width > end) {
      this.#overrun = true;
      this.#offset = end;
      return false;
    }
    this.#offset += width;
    return true;
  }
}
