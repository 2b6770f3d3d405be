import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import 'leaflet/dist/leaflet.css';
import { ageSecondsOf } from '../bins/bin-view.ts';
import type { BinView } from '../bins/bin-view.ts';
import { wholePercent } from '../bins/whole-percent.ts';
import { usePage, useTranslation } from '../state/page-context.ts';
import type { Page } from '../state/page-context.ts';
import { HoverCard } from './hover-card.tsx';
import { MapControls } from './map-controls.tsx';
import { createMapStatus } from './map-status.ts';
import type { MapStatus } from './map-status.ts';
import { readPalette } from './palette.ts';
import { TownMap } from './town-map.ts';

/** The map with its controls. Leaflet owns what is inside of the inner element. */
export function MapView() {
  const page = usePage();
  const { text } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const map = useRef<TownMap | null>(null);
  const status = useRef(createMapStatus()).current;
  useEffect(() => {
    if (!host.current || !frame.current) return undefined;
    const { townMap, stop } = mountMap(page, status, host.current, frame.current);
    map.current = townMap;
    return stop;
  }, [page]);
  return (
    <section class="map" ref={frame} aria-label={text('map.label')}>
      <div
        class="map__leaflet"
        ref={host}
        role="group"
        tabIndex={0}
        aria-label={text('map.label')}
        aria-describedby="map-help"
      />
      <p id="map-help" class="visually-hidden">
        {text('map.help')}
      </p>
      <HoverCard status={status} />
      <MapControls
        status={status}
        onZoom={(steps) => map.current?.zoomBy(steps)}
        onFit={() => map.current?.fitAll(true)}
      />
    </section>
  );
}

/** Builds the map and ties it to the page's signals. */
function mountMap(page: Page, status: MapStatus, host: HTMLElement, frame: HTMLElement) {
  const { store, view, navigation, preferences, settings } = page;
  let palette = readPalette(document.body);
  const find = (binId: string): BinView | undefined => store.find(binId);
  const townMap = new TownMap({
    host,
    startView: navigation.state.peek().mapView,
    startBinId: navigation.binId.peek(),
    palette: () => palette,
    find,
    labelOf: ({ bin }) => {
      const { format } = preferences.translation.peek();
      const ageSeconds = ageSecondsOf(bin, store.nowMs.peek());
      if (bin.fillPercent === null || ageSeconds === null) return { level: '?', age: '' };
      return { level: String(wholePercent(bin.fillPercent)), age: format.age(ageSeconds) };
    },
    formatCount: (count) => preferences.translation.peek().format.number(count),
    onDrawn: (binCount, clusterCount, setSize) => {
      frame.dataset.drawnBins = String(binCount);
      frame.dataset.drawnClusters = String(clusterCount);
      if (setSize > 0) markReady();
    },
    obscuredBottomPx: () => measureObscured(frame),
    onHover: (subject, x, y) => {
      const binId = subject?.kind === 'bin' ? subject.binId : null;
      host.classList.toggle('map__leaflet--pointing', subject !== null);
      status.hoverPlace.value = { x, y };
      status.isHovering.value = binId !== null;
      view.hoveredId.value = binId;
    },
    onSelect: (binId) => navigation.go({ binId, readingId: null }),
    onMoved: (mapView) => navigation.adjust({ mapView }),
    onTilesFailing: (isFailing) => (status.tilesFailing.value = isFailing),
  });
  const stops = [
    effect(() => {
      frame.dataset.binCount = String(view.shown.value.length);
      frame.dataset.totalCount = String(store.views.value.length);
      townMap.setBins(view.shown.value, store.views.value);
      if (store.phase.value === 'ready' && view.shown.value.length === 0) markReady();
    }),
    effect(() => townMap.setHighlight(view.hoveredId.value, navigation.binId.value)),
    effect(() => {
      const chosen = navigation.binId.value === null ? undefined : view.selected.peek();
      // The drawer must have its place before the map knows what it covers.
      if (chosen) requestAnimationFrame(() => townMap.reveal(chosen));
    }),
    effect(() => townMap.setTiles(settings.value?.tiles?.url ?? null)),
    effect(() => {
      const { mapView } = navigation.state.value;
      if (mapView) townMap.setView(mapView);
    }),
    effect(() => {
      void preferences.theme.value;
      void preferences.translation.value;
      palette = readPalette(document.body);
      townMap.redraw();
    }),
    effect(() => {
      // Ages on the map are told in minutes or more, except in their first minute.
      void Math.floor(store.nowMs.value / 5000);
      townMap.redraw();
    }),
  ];
  return {
    townMap,
    stop: () => {
      for (const stop of stops) stop();
      townMap.stop();
    },
  };
}

function markReady(): void {
  document.documentElement.dataset.ready = 'true';
}

/** How much of the map's lower edge lies under the list's sheet or the drawer, as on a phone. */
function measureObscured(frame: HTMLElement): number {
  const box = frame.getBoundingClientRect();
  let obscured = 0;
  for (const sheet of document.querySelectorAll('[data-sheet]')) {
    const { top, left, right } = sheet.getBoundingClientRect();
    const isOver = left < box.right && right > box.left && top > box.top && top < box.bottom;
    if (isOver) obscured = Math.max(obscured, box.bottom - top);
  }
  return obscured;
}
