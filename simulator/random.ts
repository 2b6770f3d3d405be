/** Seeded randomness: the same seed gives the same town, the same levels and the same bytes on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  unit(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Normally distributed with mean 0 and standard deviation 1. */
  gaussian(): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One of the items. Throws on an empty list. */
  pick<T>(items: readonly T[]): T;
}

/** 32-bit FNV-1a over UTF-16 code units. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return mixHash(hash, 0);
}

/** Folds an integer into a hash: the 32-bit finaliser of MurmurHash3. Values above 2^32 keep their upper half. */
export function mixHash(hash: number, value: number): number {
  let mixed = hash ^ Math.imul(value | 0, 0x9e3779b1) ^ Math.floor(value / 2 ** 32);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** A number in [0, 1) that depends on nothing but its arguments. */
export function unitFrom(seed: number, purpose: number, value = 0): number {
  return mixHash(mixHash(seed, purpose), value) / 2 ** 32;
}

/** A normally distributed number that depends on nothing but its arguments (Box-Muller). */
export function gaussianFrom(seed: number, purpose: number, value = 0): number {
  const radius = Math.sqrt(-2 * Math.log(1 - unitFrom(seed, purpose, value)));
  return radius * Math.cos(2 * Math.PI * unitFrom(seed, purpose + 0x10000, value));
}

/** A generator started from a seed (Mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const unit = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    unit,
    between: (low, high) => low + unit() * (high - low),
    gaussian: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
    chance: (probability) => unit() < probability,
    pick: (items) => {
      const item = items[Math.floor(unit() * items.length)];
      if (item === undefined) throw new RangeError('Cannot pick from an empty list');
      return item;
    },
  };
}
