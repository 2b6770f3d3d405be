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

  /** Unsigned 32 bits, most significant byte first. */
  uint32(): number {
    const at = this.#take(4);
    return at === undefined ? NaN : this.#view.getUint32(at);
  }

  /** Signed 32 bits, most significant byte first. */
  int32(): number {
    const at = this.#take(4);
    return at === undefined ? NaN : this.#view.getInt32(at);
  }

  /** Unsigned 32 bits, least significant byte first. */
  uint32LittleEndian(): number {
    const at = this.#take(4);
    return at === undefined ? NaN : this.#view.getUint32(at, true);
  }

  /** Signed 32 bits, least significant byte first. */
  int32LittleEndian(): number {
    const at = this.#take(4);
    return at === undefined ? NaN : this.#view.getInt32(at, true);
  }

  /** IEEE 754 single precision, most significant byte first. May be NaN or infinite by itself. */
  float32(): number {
    const at = this.#take(4);
    return at === undefined ? NaN : this.#view.getFloat32(at);
  }

  /** IEEE 754 single precision, least significant byte first. May be NaN or infinite by itself. */
  float32LittleEndian(): number {
    const at = this.#take(4);
    return at === undefined ? NaN : this.#view.getFloat32(at, true);
  }

  /** The next `count` bytes, not copied; none at all when there are fewer. */
  bytes(count: number): Uint8Array {
    const at = this.#take(count);
    const start = this.#view.byteOffset + (at ?? 0);
    return new Uint8Array(this.#view.buffer, start, at === undefined ? 0 : count);
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
