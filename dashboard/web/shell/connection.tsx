import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { usePage, useTranslation } from '../state/page-context.ts';

/** A break shorter than this mends itself before anybody need know, ms. */
const NOTICE_AFTER_MS = 1500;

/** Whether levels come as they happen: a sign and a word. */
export function ConnectionChip() {
  const { store } = usePage();
  const { text } = useTranslation();
  const connection = store.connection.value;
  return (
    <span class={`connection connection--${connection}`} data-connection={connection}>
      {connection === 'offline' ? <Icon name="offline" /> : <span class="connection__dot" />}
      <span class="connection__word">{text(`connection.${connection}`)}</span>
    </span>
  );
}

/** Says so when the line is down, and since when what is shown is true. */
export function ConnectionNotice() {
  const { store } = usePage();
  const { text, format } = useTranslation();
  const isOffline = store.connection.value === 'offline';
  const [isShown, setIsShown] = useState(false);
  const wasOffline = useRef(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsShown(isOffline), isOffline ? NOTICE_AFTER_MS : 0);
    return () => clearTimeout(timer);
  }, [isOffline]);
  if (isShown) wasOffline.current = true;
  const heardAtMs = store.heardAtMs.value;
  const words =
    heardAtMs === null || store.phase.value !== 'ready'
      ? text('connection.noticeNoData')
      : text('connection.notice', { time: format.shortTime(heardAtMs, store.nowMs.peek()) });
  const isBack = !isShown && wasOffline.current && store.connection.value === 'live';
  return (
    <>
      <p class="visually-hidden" aria-live="polite" data-live-region="connection">
        {isShown && text('connection.announceOffline')}
        {isBack && text('connection.announceLive')}
      </p>
      {isShown && (
        <p class="connection-notice" data-notice="offline">
          <Icon name="offline" />
          {words}
        </p>
      )}
    </>
  );
}
