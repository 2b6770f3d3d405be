import type { Map as LeafletMap } from 'leaflet';
import type { AreaLabel } from './area-labels.ts';
import type { HitTarget } from './hit-test.ts';
import { placeLabels } from './place-labels.ts';
import type { Palette } from './palette.ts';

const FONT_PX = 12;
/** A longer name would lie across the town; the list and the drawer have it whole. */
const LONGEST_NAME = 24;
/** Further out the names of a town's areas would lie on top of each other. */
const FROM_ZOOM = 11.5;
/** Closer in an area fills the screen, and its middle says nothing any more. */
const UP_TO_ZOOM = 16;

/** Writes the areas' names where no bin is, for where there are no tiles to tell one part of town from another. */
export function drawAreaLabels(
  context: CanvasRenderingContext2D,
  palette: Palette,
  map: LeafletMap,
  areas: readonly AreaLabel[],
  targets: readonly HitTarget<unknown>[],
): void {
  if (map.getZoom() < FROM_ZOOM || map.getZoom() > UP_TO_ZOOM) return;
  context.font = `600 ${FONT_PX}px ${palette.font}`;
  context.letterSpacing = '0.1em';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const texts = areas.map(({ name }) => shorten(name.toLocaleUpperCase()));
  const boxes = areas.map(({ lat, lng }, index) => {
    const { x, y } = map.latLngToContainerPoint([lat, lng]);
    const halfWidth = context.measureText(texts[index] ?? '').width / 2 + 2;
    return { x, y, halfWidth, halfHeight: FONT_PX / 2 + 2 };
  });
  const obstacles = targets.map(({ x, y, radius }) => ({
    x,
    y,
    halfWidth: radius,
    halfHeight: radius,
  }));
  context.lineWidth = 3;
  context.strokeStyle = palette.groundTown;
  context.fillStyle = palette.groundLabel;
  placeLabels(boxes, obstacles).forEach((box, index) => {
    if (!box) return;
    context.strokeText(texts[index] ?? '', box.x, box.y);
    context.fillText(texts[index] ?? '', box.x, box.y);
  });
  context.letterSpacing = '0px';
}

/** Cuts between characters as they are read, not within one. */
function shorten(name: string): string {
  const characters = Array.from(name);
  if (characters.length <= LONGEST_NAME) return name;
  return `${characters
    .slice(0, LONGEST_NAME - 1)
    .join('')
    .trimEnd()}…`;
}
