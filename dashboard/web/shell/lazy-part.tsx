import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useTranslation } from '../state/page-context.ts';

/** A component that is fetched when first drawn, so that the first view does not wait for it. */
export function lazyPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  let fetched: ComponentType<Props> | undefined;
  return function LazyPart(props: Props) {
    const { text } = useTranslation();
    const [attempt, setAttempt] = useState(0);
    const [phase, setPhase] = useState<'loading' | 'ready' | 'failed'>('loading');
    useEffect(() => {
      if (fetched) return;
      load().then(
        (part) => {
          fetched = part;
          setPhase('ready');
        },
        () => setPhase('failed'),
      );
    }, [attempt]);
    if (fetched) {
      const Part = fetched;
      return <Part {...props} />;
    }
    if (phase === 'loading') return <p class="part-notice muted">{text('drawer.loading')}</p>;
    return (
      <p class="part-notice" role="alert">
        {text('drawer.loadFailed')}{' '}
        <button type="button" class="link-button" onClick={() => setAttempt(attempt + 1)}>
          {text('drawer.retry')}
        </button>
      </p>
    );
  };
}
