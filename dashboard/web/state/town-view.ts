import { computed, signal } from '@preact/signals';
import type { ReadonlySignal, Signal } from '@preact/signals';
import type { BinState } from '../../../domain/bin-state.ts';
import { countStates, filterBins, listAreas } from '../bins/bin-filter.ts';
import { sortBins } from '../bins/bin-sort.ts';
import type { BinView } from '../bins/bin-view.ts';
import type { Navigation } from './navigation.ts';
import type { Preferences } from './preferences.ts';
import type { TownStore } from './town-store.ts';

/** What map and list show together. */
export interface TownView {
  /** The bins that pass the filter, unordered. */
  readonly shown: ReadonlySignal<readonly BinView[]>;
  /** The same bins in the chosen order. While `holdOrder` is set, nothing changes place. */
  readonly ordered: ReadonlySignal<readonly BinView[]>;
  readonly stateCounts: ReadonlySignal<Record<BinState, number>>;
  readonly areas: ReadonlySignal<readonly string[]>;
  /** The bin under the pointer, in the map or the list. */
  readonly hoveredId: Signal<string | null>;
  readonly selected: ReadonlySignal<BinView | undefined>;
  /** Set while a pointer is on the list, so that a row does not move away under the finger. */
  readonly holdOrder: Signal<boolean>;
}

/** Joins the bins with the visitor's choices. */
export function createTownView(
  store: TownStore,
  navigation: Navigation,
  preferences: Preferences,
): TownView {
  const sort = computed(() => navigation.state.value.sort);
  const locale = computed(() => preferences.translation.value.format.locale);
  const shown = computed(() => filterBins(store.views.value, navigation.filter.value));
  const holdOrder = signal(false);
  let last: { key: string; rank: Map<string, number> } | undefined;
  const ordered = computed(() => {
    const key = JSON.stringify([sort.value, locale.value, navigation.filter.value]);
    if (holdOrder.value && last?.key === key) {
      const { rank } = last;
      const rankOf = ({ bin }: BinView) => rank.get(bin.id) ?? Infinity;
      return [...shown.value].sort((a, b) => rankOf(a) - rankOf(b) || 0);
    }
    const sorted = sortBins(shown.value, sort.value, locale.value);
    last = { key, rank: new Map(sorted.map(({ bin }, index) => [bin.id, index])) };
    return sorted;
  });
  return {
    shown,
    ordered,
    stateCounts: computed(() => countStates(store.views.value, navigation.filter.value)),
    areas: computed(() => listAreas(store.views.value, locale.value)),
    hoveredId: signal<string | null>(null),
    selected: computed(() => {
      const { binId } = navigation.state.value;
      return binId === null ? undefined : store.find(binId);
    }),
    holdOrder,
  };
}
