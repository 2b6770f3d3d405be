import { useComputed } from '@preact/signals';
import { parseAttribution } from './attribution.ts';
import { Icon } from '../shell/icon.tsx';
import type { IconName } from '../shell/icon.tsx';
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
        <MapButton label={text('map.zoomIn')} icon="plus" onPress={() => onZoom(1)} />
        <MapButton label={text('map.zoomOut')} icon="minus" onPress={() => onZoom(-1)} />
        <MapButton label={text('map.fit')} icon="fit" onPress={onFit} />
      </div>
      <MapFoot status={status} />
    </>
  );
}

function MapButton(props: {
  readonly label: string;
  readonly icon: IconName;
  readonly onPress: () => void;
}) {
  const { label, icon, onPress } = props;
  return (
    <button type="button" class="map-button" aria-label={label} title={label} onClick={onPress}>
      <Icon name={icon} />
    </button>
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
