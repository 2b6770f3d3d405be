import type { ComponentChildren } from 'preact';
import { useTranslation } from '../state/page-context.ts';
import type { Loaded } from '../state/use-loaded.ts';

interface LoadedPartProps<Data> {
  readonly loaded: Loaded<Data>;
  readonly onRetry: () => void;
  readonly children: (data: Data) => ComponentChildren;
}

/** Draws what was loaded; before that a quiet word, and on failure a way to try again. Old data outlives a failure. */
export function LoadedPart<Data>({ loaded, onRetry, children }: LoadedPartProps<Data>) {
  const { text } = useTranslation();
  if (loaded.data !== undefined) return <>{children(loaded.data)}</>;
  if (loaded.status === 'loading') {
    return <p class="part-notice muted">{text('drawer.loading')}</p>;
  }
  return (
    <p class="part-notice" role="alert">
      {text('drawer.loadFailed')}{' '}
      <button type="button" class="link-button" onClick={onRetry}>
        {text('drawer.retry')}
      </button>
    </p>
  );
}
