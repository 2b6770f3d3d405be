/** The waste streams a bin can collect. */
export const STREAMS = [
  'residual',
  'food',
  'paper',
  'plastic',
  'clear-glass',
  'coloured-glass',
  'metal',
  'litter',
] as const;

export type Stream = (typeof STREAMS)[number];

/** Fill percent from which a bin of the stream needs emptying, unless the bin says otherwise. */
export const DEFAULT_THRESHOLD_PERCENT: Record<Stream, number> = {
  residual: 80,
  // Food waste smells long before the bin is full.
  food: 70,
  paper: 85,
  plastic: 85,
  'clear-glass': 85,
  'coloured-glass': 85,
  metal: 85,
  litter: 75,
};

export function isStream(text: string): text is Stream {
  return (STREAMS as readonly string[]).includes(text);
}
