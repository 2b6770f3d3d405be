/**
 * How far a reading can be believed: the quality indicator of LwM2M resource 6042
 * (OMA registry, object 3435 "Filling level"), in its numbers and its order.
 */
export const QUALITIES = [
  'unchecked',
  'rejected',
  'probably-invalid',
  'suspicious',
  'accepted',
] as const;

export type Quality = (typeof QUALITIES)[number];

/** Number of a quality in LwM2M 6042, as stored. */
export function qualityCode(quality: Quality): number {
  return QUALITIES.indexOf(quality);
}

/** Quality for a stored number. Throws on a number LwM2M 6042 does not know. */
export function qualityFromCode(code: number): Quality {
  const quality = QUALITIES[code];
  if (quality === undefined) throw new RangeError(`Expected a quality from 0 to 4, got ${code}`);
  return quality;
}

/** The lowest quality whose level may stand as a bin's current level. */
export const LOWEST_LEVEL_QUALITY: Quality = 'suspicious';
