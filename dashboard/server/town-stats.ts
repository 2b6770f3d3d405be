import type { BinState } from '../../domain/bin-state.ts';
import type { TownNumbers } from '../../store/views/stats.ts';
import type { BinSummary } from '../api/bins.ts';
import type { Stats } from '../api/town.ts';

/** The town in numbers, from its bins and its counts. */
export function describeTown(bins: readonly BinSummary[], numbers: TownNumbers): Stats {
  const count = (outcome: string): number =>
    numbers.tally.reduce((sum, entry) => sum + (entry.outcome === outcome ? entry.count : 0), 0);
  const byReason = { ...numbers.quarantineByReason };
  return {
    bins: { total: bins.length, byState: countStates(bins), meanFillPercent: meanFill(bins) },
    devices: numbers.devices,
    readings: numbers.readings,
    uplinks: {
      stored: count('stored'),
      duplicate: count('duplicate'),
      quarantined: count('quarantined'),
    },
    quarantine: { open: Object.values(byReason).reduce((sum, one) => sum + one, 0), byReason },
    lastChange: numbers.lastChange,
  };
}

/** How many bins are in each state; every state is there. */
export function countStates(bins: readonly BinSummary[]): Record<BinState, number> {
  const counts = { unknown: 0, stale: 0, ok: 0, full: 0, overfull: 0 } satisfies Record<
    BinState,
    number
  >;
  for (const { state } of bins) counts[state] += 1;
  return counts;
}

/** Mean of the levels that are not stale, to a tenth of a percent. */
function meanFill(bins: readonly BinSummary[]): number | null {
  const fills = bins.flatMap(({ fillPercent, state }) =>
    fillPercent === null || state === 'stale' ? [] : [fillPercent],
  );
  if (fills.length === 0) return null;
  return Math.round((fills.reduce((sum, fill) => sum + fill, 0) / fills.length) * 10) / 10;
}
