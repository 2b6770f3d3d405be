import type { Stop, Window } from '../problem/problem.ts';
import type { Choice } from './policy.ts';

/** What a stop at a bin takes, whatever the day. */
export interface BinService {
  readonly stream: string;
  readonly volumeLitres: number;
  readonly kgPerLitre: number;
  readonly serviceSeconds: number;
  readonly windows: readonly Window[];
  readonly skills: readonly string[];
}

/**
 * The stops of a day's problem: those that must be served, and those that may be for their prize. What is left out is no
 * stop. A bin above its rim is taken as full: what lies beside it is not in it.
 */
export function toStops(
  choices: readonly Choice[],
  serviceOf: (id: string) => BinService,
  locationOf: (id: string) => number,
): Stop[] {
  return choices.flatMap(({ id, verdict, prize, expectedPercent }) => {
    if (verdict === 'out') return [];
    const { volumeLitres, kgPerLitre, serviceSeconds, stream, windows, skills } = serviceOf(id);
    const filled = Math.min(100, Math.max(0, expectedPercent)) / 100;
    const litres = Math.round(filled * volumeLitres);
    return {
      ...{ id, stream, serviceSeconds, windows, skills, location: locationOf(id) },
      amounts: { litres, kg: Math.round(litres * kgPerLitre) },
      prize: verdict === 'must' ? null : prize,
    };
  });
}
