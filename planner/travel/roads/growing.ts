/** Numbers one after the other, of which nobody knows beforehand how many there will be. */
export class GrowingInts {
  length = 0;
  /** Only the first `length` numbers count. Replaced when it is full: do not hold on to it. */
  array: Int32Array<ArrayBuffer>;

  constructor(capacity = 1024) {
    this.array = new Int32Array(Math.max(16, capacity));
  }

  push(value: number): void {
    if (this.length === this.array.length) {
      const larger = new Int32Array(this.array.length * 2);
      larger.set(this.array);
      this.array = larger;
    }
    this.array[this.length++] = value;
  }

  take(): Int32Array<ArrayBuffer> {
    return this.array.slice(0, this.length);
  }
}

/** The same for numbers that 32 bits cannot hold. */
export class GrowingFloats {
  length = 0;
  array: Float64Array<ArrayBuffer>;

  constructor(capacity = 1024) {
    this.array = new Float64Array(Math.max(16, capacity));
  }

  push(value: number): void {
    if (this.length === this.array.length) {
      const larger = new Float64Array(this.array.length * 2);
      larger.set(this.array);
      this.array = larger;
    }
    this.array[this.length++] = value;
  }

  take(): Float64Array<ArrayBuffer> {
    return this.array.slice(0, this.length);
  }
}
