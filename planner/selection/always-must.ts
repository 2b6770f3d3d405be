import { DAY_MS } from './fill-rate.ts';
import type { BinToday, Reason } from './policy.ts';

/** Why a bin must be served under any policy, whatever its level; `undefined` when nothing asks for it. */
export function alwaysMust(bin: BinToday): Reason | undefined {
  if (bin.requested === true) return { kind: 'request' };
  if (bin.alert === true) return { kind: 'alert' };
  const { mostDaysBetween, lastEmptiedAtMs, opportunitiesMs } = bin;
  const next = opportunitiesMs[1];
  if (mostDaysBetween === undefined || lastEmptiedAtMs === undefined || next === undefined) {
    return undefined;
  }
  // Today, if the next opportunity comes too late.
  const days = (next - lastEmptiedAtMs) / DAY_MS;
  return days > mostDaysBetween ? { kind: 'too-old', days } : undefined;
}
