/** Why a connection ended or never came about. Few and fixed: metrics are labelled with them. */
export const ENDINGS = ['network', 'refused', 'journal', 'protocol'] as const;
export type EndingKind = (typeof ENDINGS)[number];

/** How long a broker is waited for, and how long until it is tried again, in milliseconds. */
export interface BackOff {
  /** A broker that has not answered CONNECT, or then SUBSCRIBE, within this time is given up. */
  readonly answerMs: number;
  /** After the first failure; it doubles with each further one. */
  readonly firstMs: number;
  readonly mostMs: number;
  /** After the broker has said no: only a person can change that, and brokers lock out who asks too often. */
  readonly refusedMs: number;
  /** A connection that lasted this long was a good one: the next failure counts as the first. */
  readonly healthyMs: number;
}

export const DEFAULT_BACK_OFF: BackOff = {
  answerMs: 15_000,
  firstMs: 1_000,
  mostMs: 30_000,
  refusedMs: 60_000,
  healthyMs: 30_000,
};

/**
 * The wait before the next attempt, spread over half of its length so that the clients of a broker do not all come back at one
 * instant. `failures` counts from 1; `unit` is a random number from 0 to 1.
 */
export function retryDelayMs(
  backOff: BackOff,
  { kind, failures }: { readonly kind: EndingKind; readonly failures: number },
  unit: number,
): number {
  const { firstMs, mostMs, refusedMs } = backOff;
  const doublings = Math.min(failures - 1, 16);
  const longestMs = kind === 'refused' ? refusedMs : Math.min(mostMs, firstMs * 2 ** doublings);
  return Math.ceil(longestMs * (0.5 + unit / 2));
}
