import type { Position } from '../../travel-source.ts';
import type { Network } from '../network/network.ts';

/** Places some metres beside streets, the same for the same seed. */
export function randomPlaces({ lines }: Network, count: number, seed: number): Position[] {
  const next = randomNumbers(seed);
  return Array.from({ length: count }, () => {
    const point = Math.floor((next() * lines.length) / 2);
    const beside = (): number => (next() - 0.5) * 0.0006;
    return { lat: lines[2 * point] / 1e7 + beside(), lng: lines[2 * point + 1] / 1e7 + beside() };
  });
}

/** Numbers from 0 up to 1 (Numerical Recipes' linear congruence). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
