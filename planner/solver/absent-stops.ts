/** Stops that no route serves, in no particular order: those added last are at the end. */
export class AbsentStops {
  readonly list: Int32Array;
  count = 0;
  /** How many were taken out in the present step: the last ones of the list, until stops are put back. */
  removed = 0;
  readonly #at: Int32Array;

  /** All stops are absent at first. */
  constructor(stopCount: number) {
    this.list = new Int32Array(stopCount);
    this.#at = new Int32Array(stopCount);
    for (let stop = 0; stop < stopCount; stop += 1) this.add(stop);
  }

  add(stop: number): void {
    this.#at[stop] = this.count;
    this.list[this.count] = stop;
    this.count += 1;
  }

  drop(stop: number): void {
    this.count -= 1;
    const last = this.list[this.count];
    const at = this.#at[stop];
    this.list[at] = last;
    this.#at[last] = at;
  }
}
