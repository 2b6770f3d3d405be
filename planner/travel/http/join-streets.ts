import type { StreetPart } from '../travel-source.ts';

/** Steps along the same street as one; those without length say nothing. */
export function joinStreets(steps: readonly StreetPart[]): StreetPart[] {
  const joined: StreetPart[] = [];
  for (const { street, metres } of steps) {
    const last = joined.at(-1);
    if (last?.street === street)
      joined[joined.length - 1] = { street, metres: last.metres + metres };
    else if (metres > 0) joined.push({ street, metres });
  }
  return joined.map(({ street, metres }) => ({ street, metres: Math.round(metres) }));
}
