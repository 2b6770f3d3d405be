import type { Locator, Page } from 'playwright-core';

/** Leaflet counts zooms by tiles of this size. */
const TILE_PX = 256;

export interface LatLng {
  readonly lat: number;
  readonly lng: number;
}

/** A point of the window, in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The map with what is on it. */
export function mapOf(page: Page): Locator {
  return page.locator('section.map');
}

/** The query that opens the map at a place. */
export function mapQuery({ lat, lng }: LatLng, zoom: number): string {
  return `map=${zoom}/${lat}/${lng}`;
}

/** Zoom of the map, as the address bar has it. */
export function zoomOf(page: Page): number {
  return readView(page).zoom;
}

/** Where on the screen a place is, by the address bar and Mercator's projection. */
export async function pointOf(page: Page, place: LatLng): Promise<Point> {
  const { lat, lng, zoom } = readView(page);
  const box = await mapOf(page).boundingBox();
  if (!box) throw new Error('the map is not on the page');
  const [centre, target] = [project({ lat, lng }, zoom), project(place, zoom)];
  return {
    x: box.x + box.width / 2 + target.x - centre.x,
    y: box.y + box.height / 2 + target.y - centre.y,
  };
}

/** How many pixels around a place on the map are drawn in the colour of a token. */
export async function countPixels(
  page: Page,
  place: LatLng,
  token: `--${string}`,
  radiusPx = 32,
): Promise<number> {
  const { x, y } = await pointOf(page, place);
  const box = { x: x - radiusPx, y: y - radiusPx, width: radiusPx * 2, height: radiusPx * 2 };
  return await countColour(page.locator('.bin-canvas'), token, box);
}

/** How many pixels of a canvas are drawn in the colour of a token, within a box of the window. */
export async function countColour(
  canvas: Locator,
  token: `--${string}`,
  box?: Point & { readonly width: number; readonly height: number },
): Promise<number> {
  const within = box ?? (await canvas.boundingBox());
  if (!within) throw new Error('the canvas is not on the page');
  return await canvas.evaluate(
    (element, area) => {
      const { ownerDocument } = element;
      const view = ownerDocument.defaultView;
      const probe = ownerDocument.body.appendChild(ownerDocument.createElement('i'));
      probe.style.color = `var(${area.token})`;
      const wanted = view.getComputedStyle(probe).color.match(/\d+/g).map(Number);
      probe.remove();
      const shown = element.getBoundingClientRect();
      const scale = element.width / shown.width;
      const [left, top] = [(area.x - shown.x) * scale, (area.y - shown.y) * scale];
      const [width, height] = [area.width * scale, area.height * scale];
      // Read from a copy: a canvas that is read time and again is drawn another way from then on.
      const copy = new view.OffscreenCanvas(width, height).getContext('2d');
      copy.drawImage(element, left, top, width, height, 0, 0, width, height);
      const { data } = copy.getImageData(0, 0, width, height);
      let count = 0;
      for (let at = 0; at < data.length; at += 4) {
        const isColour = (value: number, channel: number) =>
          Math.abs(value - data[at + channel]) <= 2;
        if (wanted.every(isColour)) count += 1;
      }
      return count;
    },
    { ...within, token },
  );
}

function readView(page: Page): LatLng & { readonly zoom: number } {
  const parts = new URL(page.url()).searchParams.get('map')?.split('/').map(Number) ?? [];
  const [zoom, lat, lng] = parts;
  if (zoom === undefined || lat === undefined || lng === undefined) {
    throw new Error(`no view of the map in ${page.url()}`);
  }
  return { zoom, lat, lng };
}

/** Web Mercator, in pixels of the whole world at a zoom. */
function project({ lat, lng }: LatLng, zoom: number): Point {
  const world = TILE_PX * 2 ** zoom;
  const sine = Math.sin((lat * Math.PI) / 180);
  const x = (lng / 360 + 0.5) * world;
  const y = (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * world;
  return { x, y };
}
