import { useEffect, useRef } from 'preact/hooks';
import { usePage, useTranslation } from '../state/page-context.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { Icon } from './icon.tsx';
import { Legend } from './legend.tsx';

/** About the page: operations in numbers, what is not set up, keyboard shortcuts, version. */
export function InfoDialog({ onClose }: { onClose: () => void }) {
  const { settings, preferences } = usePage();
  const { text } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const missing = settings.value?.missing ?? [];
  return (
    <dialog
      class="dialog"
      ref={dialog}
      aria-labelledby="info-title"
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current?.close();
      }}
    >
      <div class="dialog__body">
        <div class="dialog__head">
          <h2 id="info-title">{text('info.title')}</h2>
          <button
            type="button"
            class="icon-button"
            aria-label={text('info.close')}
            onClick={() => dialog.current?.close()}
          >
            <Icon name="close" />
          </button>
        </div>
        {settings.value?.demo && <p class="callout">{text('app.demoHint')}</p>}
        <h3>{text('map.legend')}</h3>
        <Legend />
        <h3>{text('info.operations')}</h3>
        <Operations />
        <h3>{text('info.missing')}</h3>
        {missing.length === 0 && <p class="muted">{text('info.nothingMissing')}</p>}
        {missing.map((part) => (
          <p key={part}>{text(`info.missing.${part}`)}</p>
        ))}
        <h3>{text('info.shortcuts')}</h3>
        <label class="switch">
          <input
            type="checkbox"
            checked={preferences.shortcuts.value}
            onChange={(event) => preferences.setShortcuts(event.currentTarget.checked)}
          />
          {text('info.shortcutsOn')}
        </label>
        <dl class="facts">
          <dt>{text('info.shortcutSearch')}</dt>
          <dd>
            <kbd>/</kbd>
          </dd>
          <dt>{text('info.shortcutNext')}</dt>
          <dd>
            <kbd>j</kbd> <kbd>k</kbd>
          </dd>
          <dt>{text('info.shortcutClose')}</dt>
          <dd>
            <kbd>Esc</kbd>
          </dd>
        </dl>
        {settings.value && (
          <p class="muted small">{text('info.version', { version: settings.value.version })}</p>
        )}
      </div>
    </dialog>
  );
}

function Operations() {
  const { api } = usePage();
  const { text, format } = useTranslation();
  const [stats, retry] = useLoaded('stats', '', (signal) => api.fetchStats(signal));
  if (!stats.data) {
    if (stats.status === 'loading') return <p class="muted">{text('drawer.loading')}</p>;
    return (
      <p>
        {text('drawer.loadFailed')}{' '}
        <button type="button" class="link-button" onClick={retry}>
          {text('drawer.retry')}
        </button>
      </p>
    );
  }
  const { devices, readings, uplinks, quarantine } = stats.data;
  const heard = {
    count: format.number(devices.heardLastHour),
    total: format.number(devices.total),
  };
  return (
    <dl class="facts">
      <dt>{text('info.heard')}</dt>
      <dd>{text('info.ofTotal', heard)}</dd>
      <dt>{text('info.readingsHour')}</dt>
      <dd>{format.number(readings.lastHour)}</dd>
      <dt>{text('info.readingsTotal')}</dt>
      <dd>{format.number(readings.total)}</dd>
      <dt>{text('info.quarantined')}</dt>
      <dd>{format.number(quarantine.open)}</dd>
      <dt>{text('info.duplicates')}</dt>
      <dd>{format.number(uplinks.duplicate)}</dd>
    </dl>
  );
}
