import { BIN_STATES } from '../../../domain/bin-state.ts';
import type { BinState } from '../../../domain/bin-state.ts';
import type { Stream } from '../../../domain/stream.ts';
import type { BinView } from './bin-view.ts';

/** Which bins are shown. An empty part lets everything through. */
export interface BinFilter {
  readonly states: readonly BinState[];
  readonly stream: Stream | null;
  readonly area: string | null;
  readonly text: string;
}

export const NO_FILTER: BinFilter = { states: [], stream: null, area: null, text: '' };

/** Whether the filter leaves anything out. */
export function isFiltering(filter: BinFilter): boolean {
  const { states, stream, area, text } = filter;
  return states.length > 0 || stream !== null || area !== null || text.trim() !== '';
}

/** The bins that pass the filter, in the order they came. */
export function filterBins(views: readonly BinView[], filter: BinFilter): BinView[] {
  const needle = filter.text.trim().toLowerCase();
  return views.filter(
    (view) =>
      (filter.states.length === 0 || filter.states.includes(view.state)) &&
      matchesPlace(view, filter, needle),
  );
}

/** How many bins each state would show with the rest of the filter as it is: the numbers on the state buttons. */
export function countStates(
  views: readonly BinView[],
  filter: BinFilter,
): Record<BinState, number> {
  const counts: Record<BinState, number> = { unknown: 0, stale: 0, ok: 0, full: 0, overfull: 0 };
  const needle = filter.text.trim().toLowerCase();
  for (const view of views) {
    if (matchesPlace(view, filter, needle)) counts[view.state] += 1;
  }
  return counts;
}

/** Names of the areas that bins lie in, in the order of the language. */
export function listAreas(views: readonly BinView[], locale: string): string[] {
  const areas = new Set<string>();
  for (const { bin } of views) if (bin.area !== null) areas.add(bin.area);
  return [...areas].sort(new Intl.Collator(locale, { numeric: true }).compare);
}

/** Adds the state to the chosen ones, or takes it away. */
export function toggleState(states: readonly BinState[], state: BinState): BinState[] {
  return BIN_STATES.filter((each) =>
    each === state ? !states.includes(state) : states.includes(each),
  );
}

function matchesPlace({ bin }: BinView, filter: BinFilter, needle: string): boolean {
  if (filter.stream !== null && bin.stream !== filter.stream) return false;
  if (filter.area !== null && bin.area !== filter.area) return false;
  if (needle === '') return true;
  return [bin.name, bin.id, bin.area, bin.deviceId].some((text) =>
    text?.toLowerCase().includes(needle),
  );
}
