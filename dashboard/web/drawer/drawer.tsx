import { useEffect, useRef } from 'preact/hooks';
import { usePage, useTranslation } from '../state/page-context.ts';
import { Icon } from '../shell/icon.tsx';
import '../styles/drawer.css';
import { BinPanel } from './bin-panel.tsx';
import { TracePanel } from './trace-panel.tsx';

/** The chosen bin, or how one of its numbers came about. */
export function Drawer({ binId }: { binId: string }) {
  const { navigation, store, view } = usePage();
  const { text } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  const cameFrom = useRef<Element | null>(null);
  const readingId = navigation.readingId.value;
  const selected = view.selected.value;
  useEffect(() => {
    cameFrom.current = document.activeElement;
    return () => {
      const back = cameFrom.current;
      const isUsable = back instanceof HTMLElement && back.isConnected && back !== document.body;
      const target = isUsable ? back : document.querySelector<HTMLElement>('#bin-list');
      target?.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    // A page opened by a link leaves the focus where it is; a choice brings it along.
    if (document.activeElement !== document.body) heading.current?.focus({ preventScroll: true });
    heading.current?.closest('.drawer')?.scrollTo({ top: 0 });
  }, [binId, readingId]);
  const isGone = !selected && store.phase.value === 'ready';
  const title = selected?.bin.name ?? (isGone ? text('drawer.gone') : binId);
  return (
    <>
      <div class="drawer__head">
        {readingId !== null && (
          <button
            type="button"
            class="icon-button"
            data-action="trace-back"
            aria-label={text('trace.back')}
            title={text('trace.back')}
            onClick={() => navigation.go({ readingId: null })}
          >
            <Icon name="back" />
          </button>
        )}
        <div class="drawer__title">
          <h2 ref={heading} tabIndex={-1}>
            {readingId === null ? title : text('trace.title')}
          </h2>
          <p class="muted small">
            {readingId !== null
              ? title
              : selected &&
                [text(`stream.${selected.bin.stream}`), selected.bin.area]
                  .filter(Boolean)
                  .join(' · ')}
          </p>
        </div>
        <button
          type="button"
          class="icon-button"
          data-action="close-drawer"
          aria-label={text('drawer.close')}
          title={text('drawer.close')}
          onClick={() => navigation.go({ binId: null, readingId: null })}
        >
          <Icon name="close" />
        </button>
      </div>
      {readingId !== null && <TracePanel readingId={readingId} />}
      {readingId === null && selected && <BinPanel view={selected} />}
      {readingId === null && isGone && <p class="part-notice muted">{text('drawer.goneText')}</p>}
    </>
  );
}
