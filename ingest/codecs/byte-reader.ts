/**
 * Reads numbers from bytes, one after another. Reading past the end gives `NaN` and marks the reader
 * `overrun`, so a codec may read a whole item and check once, before it believes any of it.
 */
export class ByteReader {
  readonly #view: DataView;
  #offset = 0;
  #overrun = false;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Position of the next byte to be read. */
  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#view.byteLength - this.#offset;
  }

  /** Something was read that is not there. */
  get overrun(): boolean {
    return this.#overrun;
  }

  uint8(): number {
    const at = this.#take(1);
    return at === undefined ? NaN : this.#view.getUint8(at);
  }

  int8(): number {
    const at = this.#take(1);
    return at === undefined ? NaN : this.#view.getInt8(at);
  }

  /** Unsigned 16 bits, most significant byte first. */
  uint16(): number {
    const at = this.#take(2);
    return at === undefined ? NaN : this.#view.getUint16(at);
  }

  /** Signed 16 bits, most significant byte first. */
  int16(): number {
    const at = this.#take(2);
    return at === undefined ? NaN : this.#view.getInt16(at);
  }

  /** Unsigned 16 bits, least significant byte first. */
  uint16LittleEndian(): number {
    const at = this.#take(2);
    return at === undefined ? NaN : this.#view.getUint16(at, true);
  }

  /** Signed 16 bits, least significant byte first. */
  int16LittleEndian(): number {
    const at = this.#take(2);
    return at === undefined ? NaN : this.#view.getInt16(at, true);
  }

  skip(count: number): void {
    this.#take(count);
  }

  #take(count: number): number | undefined {
    const at = this.#offset;
    if (at + count > this.#view.byteLength) {
      this.#overrun = true;
      this.#offset = this.#view.byteLength;
      return undefined;
    }
    this.#offset = at + count;
    return at;
  }
}
