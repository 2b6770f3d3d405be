import { computed, effect, signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import { parseLanguage, pickLanguage } from '../i18n/language.ts';
import type { Language } from '../i18n/language.ts';
import { createTranslation } from '../i18n/translate.ts';
import type { Translation } from '../i18n/translate.ts';
import type { Navigation } from './navigation.ts';

export type Theme = 'light' | 'dark';

/** What the visitor has chosen for this browser. */
export interface Preferences {
  readonly translation: ReadonlySignal<Translation>;
  /** The theme in force: the chosen one, else the system's. */
  readonly theme: ReadonlySignal<Theme>;
  readonly shortcuts: ReadonlySignal<boolean>;
  setLanguage(language: Language): void;
  setTheme(theme: Theme): void;
  setShortcuts(isOn: boolean): void;
  /** Keeps the document's language, title and theme in step; returns the undo. */
  start(): () => void;
}

/** Makes the preferences; `navigation` carries the language, because a link is sent in one. */
export function createPreferences(target: Window, navigation: Navigation): Preferences {
  const saved = openStorage(target);
  const systemDark = target.matchMedia('(prefers-color-scheme: dark)');
  const systemTheme = signal<Theme>(systemDark.matches ? 'dark' : 'light');
  const chosenTheme = signal(parseTheme(saved.read('theme')));
  const theme = computed(() => chosenTheme.value ?? systemTheme.value);
  const shortcuts = signal(saved.read('shortcuts') !== 'off');
  const earlier = parseLanguage(saved.read('language')) ?? pickLanguage(target.navigator.languages);
  const chosen = signal<Language | null>(null);
  const language = computed(() => chosen.value ?? navigation.state.value.language ?? earlier);
  const translation = computed(() => createTranslation(language.value));

  return {
    translation,
    theme,
    shortcuts,
    setLanguage: (next) => {
      saved.write('language', next);
      chosen.value = next;
      navigation.adjust({ language: next });
    },
    setTheme: (next) => {
      saved.write('theme', next);
      chosenTheme.value = next;
    },
    setShortcuts: (isOn) => {
      saved.write('shortcuts', isOn ? 'on' : 'off');
      shortcuts.value = isOn;
    },
    start: () => {
      const follow = () => (systemTheme.value = systemDark.matches ? 'dark' : 'light');
      systemDark.addEventListener('change', follow);
      const root = target.document.documentElement;
      // An entry of the history from before the choice still names another language.
      const stopLinks = effect(() => {
        const wanted = chosen.value;
        if (wanted !== null && navigation.state.value.language !== wanted) {
          navigation.adjust({ language: wanted });
        }
      });
      const stop = effect(() => {
        root.lang = language.value;
        root.dataset.theme = theme.value;
        target.document.title = `${translation.value.text('app.title')} · ${translation.value.text('app.tagline')}`;
      });
      return () => {
        stop();
        stopLinks();
        systemDark.removeEventListener('change', follow);
      };
    },
  };
}

function parseTheme(text: string | null): Theme | null {
  return text === 'light' || text === 'dark' ? text : null;
}

/** Storage may be forbidden; the page then forgets choices, and works. */
function openStorage(target: Window) {
  const attempt = <Result>(action: () => Result): Result | null => {
    try {
      return action();
    } catch {
      return null;
    }
  };
  return {
    read: (name: string) => attempt(() => target.localStorage.getItem(`tunna.${name}`)),
    write: (name: string, value: string) =>
      attempt(() => target.localStorage.setItem(`tunna.${name}`, value)),
  };
}
