import { computed, signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { BinFilter } from '../bins/bin-filter.ts';
import { formatUrlState, parseUrlState } from './url-state.ts';
import type { UrlState } from './url-state.ts';

/** Where the visitor is, kept in the address bar so that links, reloads and the back button work. */
export interface Navigation {
  readonly state: ReadonlySignal<UrlState>;
  readonly filter: ReadonlySignal<BinFilter>;
  readonly binId: ReadonlySignal<string | null>;
  readonly readingId: ReadonlySignal<number | null>;
  /** A step the back button undoes. */
  go(change: Partial<UrlState>): void;
  /** A change that is no step of its own, such as a moved map or one more letter in the search. */
  adjust(change: Partial<UrlState>): void;
  /** Follows the back and forward buttons; returns the undo. */
  start(): () => void;
}

/** Makes the navigation for the address of a window. */
export function createNavigation(target: Window): Navigation {
  const state = signal(parseUrlState(target.location.search));
  const move = (change: Partial<UrlState>, method: 'pushState' | 'replaceState') => {
    const next = { ...state.peek(), ...change };
    const search = formatUrlState(next);
    if (search !== formatUrlState(state.peek())) {
      target.history[method](null, '', `${target.location.pathname}${search}`);
    }
    state.value = next;
  };
  return {
    state,
    filter: computed(() => state.value.filter),
    binId: computed(() => state.value.binId),
    readingId: computed(() => state.value.readingId),
    go: (change) => move(change, 'pushState'),
    adjust: (change) => move(change, 'replaceState'),
    start: () => {
      const follow = () => (state.value = parseUrlState(target.location.search));
      target.addEventListener('popstate', follow);
      return () => target.removeEventListener('popstate', follow);
    },
  };
}
