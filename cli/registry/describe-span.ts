import { formatTime } from '../print.ts';

/** A span of time in words, such as `from the beginning to 2026-11-24T08:00:00.000Z`. */
export function describeSpan({
  fromMs,
  toMs,
}: {
  readonly fromMs: number;
  readonly toMs: number | null;
}): string {
  const from = fromMs === 0 ? 'the beginning' : formatTime(fromMs);
  return toMs === null ? `from ${from} on` : `from ${from} to ${formatTime(toMs)}`;
}
