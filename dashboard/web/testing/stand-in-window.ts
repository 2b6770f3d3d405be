/** A window without a browser: an address with a history, a storage, a system theme, languages. */
export interface StandInWindow {
  /** For what is made for a browser's window. */
  readonly window: Window;
  readonly entries: readonly string[];
  readonly root: { lang: string; readonly dataset: Record<string, string> };
  readonly title: () => string;
  readonly saved: ReadonlyMap<string, string>;
  /** The query of the address. */
  search(): string;
  /** The back and forward buttons. */
  step(offset: number): void;
  setSystemDark(isDark: boolean): void;
}

export interface StandInOptions {
  readonly search?: string;
  readonly languages?: readonly string[];
  readonly isSystemDark?: boolean;
  readonly saved?: Readonly<Record<string, string>>;
  /** As in a browser told to block all storage. */
  readonly isStorageForbidden?: boolean;
}

/** Stands in for the browser, of which Node has no window, so that what uses one can be tested without. */
export function createStandInWindow(options: StandInOptions = {}): StandInWindow {
  const { isStorageForbidden = false, languages = ['sv-SE'], search = '' } = options;
  const page = new EventTarget();
  const theme = Object.assign(new EventTarget(), { matches: options.isSystemDark ?? false });
  const root = { lang: '', dataset: {} };
  const document = { title: '', documentElement: root };
  const saved = new Map(Object.entries(options.saved ?? {}));
  const entries = [`/${search}`];
  let at = 0;
  const address = () => new URL(entries[at] ?? '/', 'http://town.example');
  const storage = {
    getItem: (name: string) => saved.get(name) ?? null,
    setItem: (name: string, value: string) => void saved.set(name, value),
  };
  const parts = {
    addEventListener: page.addEventListener.bind(page),
    removeEventListener: page.removeEventListener.bind(page),
    document,
    navigator: { languages },
    matchMedia: () => theme,
    get location() {
      return address();
    },
    get localStorage() {
      if (isStorageForbidden) throw new DOMException('The user said no', 'SecurityError');
      return storage;
    },
    history: {
      pushState: (_state: unknown, _title: string, url: string) => {
        entries.splice(at + 1, Infinity, url);
        at += 1;
      },
      replaceState: (_state: unknown, _title: string, url: string) => {
        entries[at] = url;
      },
    },
  };
  return {
    // Safe: has everything that navigation and preferences use of a window, which is what the tests give it to.
    window: parts as unknown as Window,
    entries,
    root,
    title: () => document.title,
    saved,
    search: () => address().search,
    step: (offset) => {
      at = Math.min(entries.length - 1, Math.max(0, at + offset));
      page.dispatchEvent(new Event('popstate'));
    },
    setSystemDark: (isDark) => {
      theme.matches = isDark;
      theme.dispatchEvent(new Event('change'));
    },
  };
}
