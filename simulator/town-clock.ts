/** The two times of a simulated town. */
export interface TownTime {
  /** The town's own clock, ms since 1970. */
  readonly townMs: number;
  readonly wallMs: number;
}

/** A clock that runs faster than the wall's by a factor, from a given moment on. */
export interface TownClock {
  read(): TownTime;
}

/** Throws a `RangeError` when the factor is not a positive number. */
export function createTownClock(
  startTownMs: number,
  timeLapse: number,
  now: () => number,
): TownClock {
  if (!Number.isFinite(timeLapse) || timeLapse <= 0) {
    throw new RangeError(`Expected a time lapse factor above 0, got ${timeLapse}`);
  }
  const startWallMs = now();
  return {
    read: () => {
      const wallMs = now();
      return { wallMs, townMs: startTownMs + (wallMs - startWallMs) * timeLapse };
    },
  };
}
