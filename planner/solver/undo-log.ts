/** Numbers of one entry. */
const WIDTH = 3;

/** What was done to routes since the last commit, so that it can be taken back in the opposite order. */
export class UndoLog {
  #entries = new Int32Array(WIDTH * 1024);
  #length = 0;

  /** @param after the node it stood behind; -1: it was in no route, and has been put into one. */
  write(node: number, after: number, site: number): void {
    if (this.#length === this.#entries.length) {
      const longer = new Int32Array(2 * this.#entries.length);
      longer.set(this.#entries);
      this.#entries = longer;
    }
    this.#entries[this.#length] = node;
    this.#entries[this.#length + 1] = after;
    this.#entries[this.#length + 2] = site;
    this.#length += WIDTH;
  }

  /** Hands out all entries, the newest first. */
  replay(takeBack: (node: number, after: number, site: number) => void): void {
    for (let at = this.#length - WIDTH; at >= 0; at -= WIDTH) {
      takeBack(this.#entries[at], this.#entries[at + 1], this.#entries[at + 2]);
    }
  }

  clear(): void {
    this.#length = 0;
  }
}
