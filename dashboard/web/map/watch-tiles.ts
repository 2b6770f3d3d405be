import type { Coords, TileEvent, TileLayer } from 'leaflet';

const keyOf = ({ z, x, y }: Coords): string => `${z}/${x}/${y}`;

/**
 * Tells whether the tiles of a layer come. They fail when the last of a view has been answered and none is there at its
 * zoom; a few that lack, as at the edge of a town's own map, are no failure.
 */
export function watchTiles(tiles: TileLayer, onChange: (isFailing: boolean) => void): void {
  const there = new Set<string>();
  let isFailing = false;
  const setFailing = (next: boolean) => {
    if (next !== isFailing) onChange(next);
    isFailing = next;
  };
  let lastErrorZoom: number | undefined;
  tiles.on('loading', () => (lastErrorZoom = undefined));
  tiles.on('tileload', ({ coords }: TileEvent) => {
    there.add(keyOf(coords));
    setFailing(false);
  });
  tiles.on('tileunload', ({ coords }: TileEvent) => there.delete(keyOf(coords)));
  tiles.on('tileerror', ({ coords }) => (lastErrorZoom = coords.z));
  tiles.on('load', () => {
    if (lastErrorZoom === undefined) return;
    const isAnyThere = [...there].some((key) => key.startsWith(`${lastErrorZoom}/`));
    setFailing(!isAnyThere);
  });
}
