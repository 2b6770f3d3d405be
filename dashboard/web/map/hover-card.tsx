import { useLayoutEffect, useRef } from 'preact/hooks';
import { LevelText } from '../bins/level-text.tsx';
import { usePage, useTranslation } from '../state/page-context.ts';
import type { MapStatus } from './map-status.ts';

/** Name, level and age of the bin under the mouse. The list has the same for those without one. */
export function HoverCard({ status }: { status: MapStatus }) {
  const { view, store } = usePage();
  const { text } = useTranslation();
  const card = useRef<HTMLDivElement>(null);
  const hoveredId = status.isHovering.value ? view.hoveredId.value : null;
  const hovered = hoveredId === null ? undefined : store.find(hoveredId);
  const { x, y } = status.hoverPlace.value;
  useLayoutEffect(() => {
    const element = card.current;
    const frame = element?.parentElement;
    if (!element || !frame) return;
    const half = element.offsetWidth / 2 + 8;
    const left = Math.min(frame.clientWidth - half, Math.max(half, x));
    const isAbove = y > element.offsetHeight + 16;
    element.style.left = `${left}px`;
    element.style.top = isAbove ? `${y - 10}px` : `${y + 56}px`;
    element.classList.toggle('hover-card--below', !isAbove);
  });
  if (!hovered) return null;
  return (
    <div class="hover-card" ref={card} aria-hidden="true">
      <strong>{hovered.bin.name}</strong>
      <span class="muted small">{text(`stream.${hovered.bin.stream}`)}</span>
      <LevelText view={hovered} />
    </div>
  );
}
