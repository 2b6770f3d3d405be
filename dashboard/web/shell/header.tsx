import { Icon } from './icon.tsx';
import { ConnectionChip } from './connection.tsx';
import { usePage, useTranslation } from '../state/page-context.ts';

/** Name, the town in one line, how fresh it all is, and the visitor's choices. */
export function Header({ onInfo }: { onInfo: () => void }) {
  const { settings, preferences } = usePage();
  const { text, language } = useTranslation();
  const isDark = preferences.theme.value === 'dark';
  const themeLabel = text(isDark ? 'theme.toLight' : 'theme.toDark');
  return (
    <header class="header">
      <h1 class="brand">
        <img class="brand__sign" src="/icon.svg" alt="" width="32" height="32" />
        <span class="brand__name">{text('app.title')}</span>
      </h1>
      {settings.value?.demo && (
        <span class="badge" data-badge="demo" title={text('app.demoHint')}>
          {text('app.demo')}
        </span>
      )}
      <Summary />
      <div class="header__end">
        <ConnectionChip />
        <button
          type="button"
          class="icon-button"
          data-action="language"
          lang={language === 'sv' ? 'en' : 'sv'}
          aria-label={`${text('language.short')}: ${text('language.switch')}`}
          title={text('language.switch')}
          onClick={() => preferences.setLanguage(language === 'sv' ? 'en' : 'sv')}
        >
          {text('language.short')}
        </button>
        <button
          type="button"
          class="icon-button"
          data-action="theme"
          aria-label={themeLabel}
          title={themeLabel}
          onClick={() => preferences.setTheme(isDark ? 'light' : 'dark')}
        >
          <Icon name={isDark ? 'sun' : 'moon'} />
        </button>
        <button
          type="button"
          class="icon-button"
          data-action="info"
          aria-label={text('info.open')}
          title={text('info.open')}
          onClick={onInfo}
        >
          <Icon name="info" />
        </button>
      </div>
    </header>
  );
}

function Summary() {
  const { store } = usePage();
  const { plural } = useTranslation();
  const views = store.views.value;
  if (views.length === 0) return null;
  const count = (states: readonly string[]) =>
    views.filter(({ state }) => states.includes(state)).length;
  const toEmpty = count(['full', 'overfull']);
  const silent = count(['stale', 'unknown']);
  return (
    <p class="summary small">
      <span>{plural('summary.bins', views.length)}</span>
      <strong>{plural('summary.toEmpty', toEmpty)}</strong>
      {silent > 0 && <span>{plural('summary.silent', silent)}</span>}
    </p>
  );
}
