import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { usePage, useTranslation } from '../state/page-context.ts';
import { BinRow, rowId } from './bin-row.tsx';
import { scrollToRow, windowOf } from './virtual-window.ts';

/** Row a key leads to, from the one it is at. */
function stepOf(key: string, at: number, count: number, page: number): number | undefined {
  const last = count - 1;
  if (key === 'ArrowDown') return Math.min(last, at + 1);
  if (key === 'ArrowUp') return Math.max(0, at - 1);
  if (key === 'PageDown') return Math.min(last, Math.max(0, at) + page);
  if (key === 'PageUp') return Math.max(0, at - page);
  if (key === 'Home') return 0;
  return key === 'End' ? last : undefined;
}

/** The bins as a list box. Only the rows in view exist, so its length costs nothing. */
export function BinList() {
  const { view, navigation } = usePage();
  const { text } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const spacer = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ top: 0, height: 800, rowHeight: 88 });
  const [activeId, setActiveId] = useState<string | null>(null);
  const bins = view.ordered.value;
  const activeIndex = bins.findIndex(({ bin }) => bin.id === activeId);
  const { first, end } = windowOf(bins.length, place.rowHeight, place.top, place.height);

  const measure = () => {
    const element = box.current;
    if (!element) return;
    const rowHeight = element.querySelector<HTMLElement>('.row')?.offsetHeight ?? place.rowHeight;
    setPlace({ top: element.scrollTop, height: element.clientHeight, rowHeight });
  };
  useEffect(() => {
    const sizes = new ResizeObserver(measure);
    if (box.current) sizes.observe(box.current);
    return () => sizes.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (spacer.current) spacer.current.style.height = `${bins.length * place.rowHeight}px`;
  }, [bins.length, place.rowHeight]);

  const show = (index: number) => {
    const element = box.current;
    const row = bins[index];
    if (!element || !row) return;
    element.scrollTop = scrollToRow(
      index,
      place.rowHeight,
      element.scrollTop,
      element.clientHeight,
    );
    setActiveId(row.bin.id);
  };
  const selectedId = navigation.binId.value;
  useEffect(() => {
    // A bin chosen on the map is brought into view in the list.
    const index = bins.findIndex(({ bin }) => bin.id === selectedId);
    if (index >= 0) show(index);
  }, [selectedId]);

  const choose = (binId: string) => {
    setActiveId(binId);
    navigation.go({ binId, readingId: null });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.key === 'Enter' || event.key === ' ') && activeId !== null) {
      event.preventDefault();
      choose(activeId);
      return;
    }
    const page = Math.max(1, Math.floor(place.height / place.rowHeight) - 1);
    const next = stepOf(event.key, activeIndex, bins.length, page);
    if (next === undefined) return;
    event.preventDefault();
    show(next);
    view.hoveredId.value = bins[next]?.bin.id ?? null;
  };
  const isActiveDrawn = activeIndex >= first && activeIndex < end;
  return (
    <div
      id="bin-list"
      class="list"
      ref={box}
      role="listbox"
      tabIndex={0}
      aria-label={text('list.label')}
      {...(isActiveDrawn && activeId !== null ? { 'aria-activedescendant': rowId(activeId) } : {})}
      onScroll={measure}
      onKeyDown={onKeyDown}
      onFocus={({ currentTarget: { scrollTop } }) => {
        // The first row in view: were the list to move, a tap that brings the focus would miss its row.
        if (activeIndex < 0) show(Math.ceil(scrollTop / place.rowHeight));
      }}
      onPointerEnter={() => (view.holdOrder.value = true)}
      onPointerLeave={() => {
        view.holdOrder.value = false;
        view.hoveredId.value = null;
      }}
    >
      <div class="list__spacer" ref={spacer} role="presentation">
        {bins.slice(first, end).map((row, offset) => (
          <BinRow
            key={row.bin.id}
            view={row}
            index={first + offset}
            count={bins.length}
            rowHeight={place.rowHeight}
            isActive={row.bin.id === activeId}
            onChoose={choose}
          />
        ))}
      </div>
    </div>
  );
}
