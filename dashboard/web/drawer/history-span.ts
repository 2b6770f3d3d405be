/** Spans of the history chart. */
export const HISTORY_SPANS = ['24h', '7d', '30d', '1y'] as const;
export type HistorySpan = (typeof HISTORY_SPANS)[number];

const HOUR_SECONDS = 3600;

/** Length and resolution of a span: a day shows every reading, longer ones some 170, 120 and 180 buckets. */
export const SPAN_SECONDS: Record<
  HistorySpan,
  { readonly lengthSeconds: number; readonly resolutionSeconds: number }
> = {
  '24h': { lengthSeconds: 24 * HOUR_SECONDS, resolutionSeconds: 0 },
  '7d': { lengthSeconds: 7 * 24 * HOUR_SECONDS, resolutionSeconds: HOUR_SECONDS },
  '30d': { lengthSeconds: 30 * 24 * HOUR_SECONDS, resolutionSeconds: 6 * HOUR_SECONDS },
  // 52 weeks, so that the buckets come out even.
  '1y': { lengthSeconds: 364 * 24 * HOUR_SECONDS, resolutionSeconds: 48 * HOUR_SECONDS },
};
