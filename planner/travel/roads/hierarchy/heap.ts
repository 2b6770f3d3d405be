/** Items 0..size-1 by their keys, the smallest first: a heap of four children per node, with decreasing keys. */
export class Heap {
  readonly #keys: Float64Array;
  readonly #items: Int32Array;
  /** Where an item stands in `#items`; -1 when it does not. */
  readonly #places: Int32Array;
  #count = 0;

  constructor(size: number) {
    this.#keys = new Float64Array(size);
    this.#items = new Int32Array(size);
    this.#places = new Int32Array(size).fill(-1);
  }

  get count(): number {
    return this.#count;
  }

  /** The smallest key; call it only when there is one. */
  get leastKey(): number {
    return this.#keys[this.#items[0]];
  }

  /** Adds an item, or lowers its key. A larger key than the present one must not be given. */
  put(item: number, key: number): void {
    this.#keys[item] = key;
    let place = this.#places[item];
    if (place < 0) place = this.#count++;
    this.#rise(place, item, key);
  }

  /** Takes the item with the smallest key away; call it only when there is one. */
  pop(): number {
    const least = this.#items[0];
    this.#places[least] = -1;
    const last = this.#items[--this.#count];
    if (this.#count > 0) this.#sink(last, this.#keys[last]);
    return least;
  }

  clear(): void {
    for (let index = 0; index < this.#count; index += 1) this.#places[this.#items[index]] = -1;
    this.#count = 0;
  }

  #rise(from: number, item: number, key: number): void {
    const items = this.#items;
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 2;
      const other = items[above];
      if (this.#keys[other] <= key) break;
      items[place] = other;
      this.#places[other] = place;
      place = above;
    }
    items[place] = item;
    this.#places[item] = place;
  }

  #sink(item: number, key: number): void {
    const items = this.#items;
    const keys = this.#keys;
    const count = this.#count;
    let place = 0;
    for (;;) {
      const first = 4 * place + 1;
      if (first >= count) break;
      let least = first;
      let leastKey = keys[items[first]];
      const end = Math.min(first + 4, count);
      for (let child = first + 1; child < end; child += 1) {
        const childKey = keys[items[child]];
        if (childKey < leastKey) {
          least = child;
          leastKey = childKey;
        }
      }
      if (leastKey >= key) break;
      items[place] = items[least];
      this.#places[items[place]] = place;
      place = least;
    }
    items[place] = item;
    this.#places[item] = place;
  }
}
