/** Heights a sheet rests at, from the lowest. */
export const SNAPS = ['peek', 'half', 'full'] as const;
export type Snap = (typeof SNAPS)[number];

/** Shares of the window's height that the snaps stand for; the style sheet has the exact ones. */
const SHARES: Record<Snap, number> = { peek: 0.15, half: 0.46, full: 0.9 };

/** The snap whose height comes nearest to where the sheet was let go. */
export function nearestSnap(heightPx: number, windowHeightPx: number): Snap {
  const share = heightPx / windowHeightPx;
  return SNAPS.reduce((best, snap) =>
    Math.abs(SHARES[snap] - share) < Math.abs(SHARES[best] - share) ? snap : best,
  );
}

/** The snap a tap on the handle leads to: upwards, and from the top down again. */
export function nextSnap(snap: Snap): Snap {
  return SNAPS[SNAPS.indexOf(snap) + 1] ?? 'peek';
}
