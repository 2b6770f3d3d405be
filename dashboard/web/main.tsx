import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import type { PageSettings } from '../api/town.ts';
import { App } from './app.tsx';
import { createTownApi } from './live/town-api.ts';
import { TownSync } from './live/town-sync.ts';
import { startShortcuts } from './shell/shortcuts.ts';
import { createNavigation } from './state/navigation.ts';
import { PageContext } from './state/page-context.ts';
import type { Page } from './state/page-context.ts';
import { createPreferences } from './state/preferences.ts';
import { createTownStore } from './state/town-store.ts';
import { createTownView } from './state/town-view.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/map.css';
import './styles/list.css';
import './styles/bins.css';
import './styles/forced-colors.css';

const API_BASE = '/api/v1';
const SETTINGS_RETRY_MS = 5000;

const root = document.documentElement;
const api = createTownApi(API_BASE);
const navigation = createNavigation(window);
const preferences = createPreferences(window, navigation);
const store = createTownStore(() => Date.now());
const settings = signal<PageSettings | null>(null);
const sync = new TownSync({
  api,
  store,
  eventsUrl: `${API_BASE}/events`,
  onChangeNumber: (changeNumber) => (root.dataset.lastChange = changeNumber),
});
const page: Page = {
  api,
  store,
  view: createTownView(store, navigation, preferences),
  navigation,
  preferences,
  settings,
  reload: () => void sync.load(),
};

/** The page works without its settings; it keeps asking until it has them. */
function loadSettings(): void {
  const { signal: abort } = new AbortController();
  api.fetchPageSettings(abort).then(
    (loaded) => (settings.value = loaded),
    () => setTimeout(loadSettings, SETTINGS_RETRY_MS),
  );
}

navigation.start();
preferences.start();
store.start();
sync.start();
loadSettings();
startShortcuts(page);
effect(() => {
  root.dataset.connection = store.connection.value;
});

const host = document.querySelector('#app');
if (!host) throw new Error('index.html lacks #app');
render(
  <PageContext.Provider value={page}>
    <App />
  </PageContext.Provider>,
  host,
);
