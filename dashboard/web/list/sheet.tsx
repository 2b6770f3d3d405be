import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { useTranslation } from '../state/page-context.ts';
import { SNAPS, nearestSnap, nextSnap } from './sheet-snap.ts';
import type { Snap } from './sheet-snap.ts';

/** A pull shorter than this is a tap, in pixels. */
const TAP_SLOP_PX = 6;

/**
 * The list's place: a column on a desk, a sheet at the foot of a phone. The sheet is pulled by its handle, or
 * stepped with a tap or a key, because nobody must have to drag (WCAG 2.5.7).
 */
export function Sheet({ children }: { children: ComponentChildren }) {
  const { text } = useTranslation();
  const sheet = useRef<HTMLElement>(null);
  const [snap, setSnap] = useState<Snap>('half');
  const pull = useRef<{ startY: number; startHeight: number; isPull: boolean } | null>(null);

  const onPointerDown = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    const startHeight = sheet.current?.offsetHeight ?? 0;
    pull.current = { startY: event.clientY, startHeight, isPull: false };
  };
  const onPointerMove = (event: PointerEvent) => {
    const held = pull.current;
    if (!held || !sheet.current) return;
    const rise = held.startY - event.clientY;
    if (Math.abs(rise) > TAP_SLOP_PX) held.isPull = true;
    if (!held.isPull) return;
    sheet.current.classList.add('sheet--pulled');
    sheet.current.style.height = `${held.startHeight + rise}px`;
  };
  const onPointerEnd = () => {
    const element = sheet.current;
    if (!element || !pull.current?.isPull) return;
    setSnap(nearestSnap(element.offsetHeight, innerHeight));
    element.classList.remove('sheet--pulled');
    element.style.height = '';
  };
  const onClick = () => {
    // The click that ends a pull is not a tap.
    if (!pull.current?.isPull) setSnap(nextSnap(snap));
    pull.current = null;
  };
  const isOpen = snap === SNAPS[SNAPS.length - 1];
  return (
    <section
      class="sheet"
      ref={sheet}
      data-sheet="list"
      data-snap={snap}
      aria-label={text('list.label')}
    >
      <button
        type="button"
        class="sheet__handle"
        aria-label={isOpen ? text('list.collapse') : text('list.expand')}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerEnd}
        onPointerCancel={onPointerEnd}
        onClick={onClick}
      >
        <span class="sheet__grip" />
      </button>
      {children}
    </section>
  );
}
