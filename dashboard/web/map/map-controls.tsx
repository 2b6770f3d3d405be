import { useComputed } from '@preact/signals';
import { parseAttribution } from './attribution.ts';
import { Icon } from '../shell/icon.tsx';
import { usePage, useTranslation } from '../state/page-context.ts';
import type { MapStatus } from './map-status.ts';

interface MapControlsProps {
  readonly status: MapStatus;
  readonly onZoom: (steps: number) => void;
  readonly onFit: () => void;
}

/** Buttons on the map, and the quiet line at its foot: whose map data it is, or what is missing. */
export function MapControls({ status, onZoom, onFit }: MapControlsProps) {
  const { text } = useTranslation();
  return (
    <>
      <div class="map-buttons">
        <button
          type="button"
          class="map-button"
          aria-label={text('map.zoomIn')}
          title={text('map.zoomIn')}
          onClick={() => onZoom(1)}
        >
          <Icon name="plus" />
        </button>
        <button
          type="button"
          class="map-button"
          aria-label={text('map.zoomOut')}
          title={text('map.zoomOut')}
          onClick={() => onZoom(-1)}
        >
          <Icon name="minus" />
        </button>
        <button
          type="button"
          class="map-button"
          aria-label={text('map.fit')}
          title={text('map.fit')}
          onClick={onFit}
        >
          <Icon name="fit" />
        </button>
      </div>
      <MapFoot status={status} />
    </>
  );
}

function MapFoot({ status }: { status: MapStatus }) {
  const { settings } = usePage();
  const { text } = useTranslation();
  const parts = useComputed(() => parseAttribution(settings.value?.tiles?.attribution ?? ''));
  if (settings.value === null) return null;
  return (
    <p class="map-foot small">
      {settings.value.tiles === null && text('map.noTiles')}
      {status.tilesFailing.value && `${text('map.tilesFailing')} · `}
      {parts.value.map((part) =>
        part.href === null ? (
          part.text
        ) : (
          <a key={part.href} href={part.href} target="_blank" rel="noreferrer">
            {part.text}
          </a>
        ),
      )}
    </p>
  );
}
