/** Stands for "there is no way": dearer and longer than any way, and still safe to add to a few others. */
export const NO_WAY = 1 << 28;

/** Travel between all locations, row by row: from `i` to `j` at `i * size + j`. May differ by direction. */
export interface Matrix {
  readonly size: number;
  readonly seconds: Int32Array;
  readonly metres: Int32Array;
}

/** Fills a matrix from a function of two locations. */
export function fillMatrix(
  size: number,
  travel: (from: number, to: number) => { readonly seconds: number; readonly metres: number },
): Matrix {
  const seconds = new Int32Array(size * size);
  const metres = new Int32Array(size * size);
  for (let from = 0; from < size; from += 1) {
    for (let to = 0; to < size; to += 1) {
      const way = travel(from, to);
      seconds[from * size + to] = Math.min(way.seconds, NO_WAY);
      metres[from * size + to] = Math.min(way.metres, NO_WAY);
    }
  }
  return { size, seconds, metres };
}
