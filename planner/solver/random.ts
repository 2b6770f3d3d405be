/** A small fast generator (xorshift32, Marsaglia 2003, doi:10.18637/jss.v008.i14): the same seed, the same numbers on any machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    // The state must not be 0; the multiplication spreads neighbouring seeds.
    this.#state = Math.imul(seed | 0, 0x9e3779b1) | 0 || 0x1234567;
    for (let turn = 0; turn < 8; turn += 1) this.next();
  }

  /** From 0 inclusive to 1 exclusive. */
  next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) / 4294967296;
  }

  /** A whole number from 0 to `count - 1`. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }
}
