/*
 * The cost of a way is time first and length second, both in one number: hundredths of seconds times 2^25, plus decimetres. Sums and
 * comparisons of such numbers are those of the pairs, so of two ways that take equally long the shorter is found, by whichever
 * algorithm. A double holds it exactly up to 31 days and 3,355 km.
 */

const TIME = 2 ** 25;

export function makeCost(centiseconds: number, decimetres: number): number {
  return centiseconds * TIME + decimetres;
}

export function secondsOf(cost: number): number {
  return Math.floor(cost / TIME) / 100;
}

export function metresOf(cost: number): number {
  return (cost - Math.floor(cost / TIME) * TIME) / 10;
}

/** The cost of the first part of a street, with `fraction` from 0 to 1. */
export function partOfCost(cost: number, fraction: number): number {
  const centiseconds = Math.floor(cost / TIME);
  const decimetres = cost - centiseconds * TIME;
  return makeCost(Math.round(centiseconds * fraction), Math.round(decimetres * fraction));
}
