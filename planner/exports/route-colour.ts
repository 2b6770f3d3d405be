/** Paul Tol's "bright" scheme (SRON/EPS/TN/09-002), told apart also by the colour-blind. */
const COLOURS = ['#4477aa', '#ee6677', '#228833', '#ccbb44', '#66ccee', '#aa3377'] as const;

/** The colour of a route's line, the same in every export. */
export function routeColour(index: number): string {
  return COLOURS[index % COLOURS.length] ?? COLOURS[0];
}
