import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ReadonlySignal } from '@preact/signals';
import type { PageSettings } from '../../api/town.ts';
import type { Translation } from '../i18n/translate.ts';
import type { TownApi } from '../live/town-api.ts';
import type { Navigation } from './navigation.ts';
import type { Preferences } from './preferences.ts';
import type { TownStore } from './town-store.ts';
import type { TownView } from './town-view.ts';

/** Everything a component may need, put together once in `main.tsx`. */
export interface Page {
  readonly api: TownApi;
  readonly store: TownStore;
  readonly view: TownView;
  readonly navigation: Navigation;
  readonly preferences: Preferences;
  /** `null` until the server has told. */
  readonly settings: ReadonlySignal<PageSettings | null>;
  /** Loads all bins anew, at the visitor's wish. */
  readonly reload: () => void;
}

export const PageContext = createContext<Page | null>(null);

/** The page's parts. Throws outside of `PageContext`. */
export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === null) throw new Error('usePage needs a PageContext around it');
  return page;
}

/** The language of the page; the component is drawn again when it changes. */
export function useTranslation(): Translation {
  return usePage().preferences.translation.value;
}
