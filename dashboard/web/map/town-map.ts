import { Control, LatLngBounds, Map as LeafletMap, TileLayer } from 'leaflet';
import type { LeafletMouseEvent } from 'leaflet';
import type { BinView } from '../bins/bin-view.ts';
import type { MapView } from '../state/url-state.ts';
import { placeAreaLabels } from './area-labels.ts';
import { BinLayer } from './bin-layer.ts';
import type { BinLayerSource, MapSubject } from './bin-layer.ts';
import { ClusterClient } from './cluster-client.ts';
import { MOUSE_RADIUS_PX, TOUCH_RADIUS_PX } from './hit-test.ts';
import { watchTiles } from './watch-tiles.ts';

export interface TownMapOptions extends Omit<BinLayerSource, 'onQuery'> {
  readonly host: HTMLElement;
  readonly startView: MapView | null;
  /** A link to a bin shows it from near, unless it says otherwise. */
  readonly startBinId: string | null;
  /** Pixels at the lower edge of the map that sheets cover. */
  obscuredBottomPx(): number;
  onHover(subject: MapSubject | null, x: number, y: number): void;
  onSelect(binId: string): void;
  /** The visitor moved the map. */
  onMoved(view: MapView): void;
  onTilesFailing(isFailing: boolean): void;
}

/** Tiles end here; beyond, they are drawn larger. */
const MAX_TILE_ZOOM = 19;
const MAX_ZOOM = 20;
/** Closer than this one lone bin would fill the map with nothing around it. */
const FIT_MAX_ZOOM = 16;
/** Near enough to read the bin's number and its neighbours'. */
const START_BIN_ZOOM = 15;
const FIT_PADDING_PX = 40;
/** The map's buttons stand at its right edge, where a narrow map has no room to lose bins under them. */
const BUTTONS_PX = 72;
const NARROW_MAP_PX = 600;
/** Shown until the first bins come: Sweden. */
const COUNTRY: MapView = { lat: 62, lng: 16, zoom: 5 };

/** The Leaflet map with its layers: an island that the page tells what to show. */
export class TownMap {
  readonly #options: TownMapOptions;
  readonly #map: LeafletMap;
  readonly #layer: BinLayer;
  readonly #clusters: ClusterClient;
  readonly #sizes: ResizeObserver;
  #tiles: TileLayer | undefined;
  #isTilesFailing = false;
  #views: readonly BinView[] = [];
  /** Once the visitor has chosen a view, the map never moves by itself. */
  #isViewChosen: boolean;
  #isMovingItself = false;

  constructor(options: TownMapOptions) {
    this.#options = options;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#isViewChosen = options.startView !== null;
    this.#map = new LeafletMap(options.host, {
      zoomControl: false,
      attributionControl: false,
      minZoom: 3,
      maxZoom: MAX_ZOOM,
      zoomAnimation: !calm,
      fadeAnimation: !calm,
      inertia: !calm,
      // Half steps let the town fill the map; whole ones often leave it half empty.
      zoomSnap: 0.5,
    });
    this.#layer = new BinLayer({
      palette: () => options.palette(),
      find: (binId) => options.find(binId),
      labelOf: (view) => options.labelOf(view),
      formatCount: (count) => options.formatCount(count),
      onDrawn: (bins, clusters, setSize) => options.onDrawn(bins, clusters, setSize),
      onQuery: (bounds, zoom) => this.#clusters.query(bounds, zoom),
    });
    this.#clusters = new ClusterClient({
      onLoaded: () => this.#layer.refresh(),
      onAnswer: (answer) => this.#layer.setAnswer(answer),
      onExpanded: (_, zoom) => this.#zoomToExpanded(zoom),
    });
    this.#sizes = new ResizeObserver(() => this.#map.invalidateSize({ pan: false }));
    this.#begin(options.startView ?? COUNTRY);
  }

  stop(): void {
    this.#sizes.disconnect();
    this.#clusters.stop();
    this.#map.remove();
  }

  /** @param all the bins without a filter, which the automatic view follows */
  setBins(shown: readonly BinView[], all: readonly BinView[]): void {
    const isFirst = this.#views.length === 0;
    const hasNewPlaces = this.#views.length !== all.length;
    this.#views = all;
    const isFollowing = all.length > 0 && !this.#isViewChosen;
    if (isFollowing && !(isFirst && this.#showStartBin()) && hasNewPlaces) this.fitAll(false);
    if (hasNewPlaces) this.#showGround();
    this.#clusters.load(shown);
  }

  setHighlight(hoveredId: string | null, selectedId: string | null): void {
    this.#layer.setHighlight(hoveredId, selectedId);
  }

  setTiles(url: string | null): void {
    this.#tiles?.remove();
    this.#tiles = undefined;
    this.#isTilesFailing = false;
    if (url !== null) {
      const tiles = new TileLayer(url, { maxZoom: MAX_ZOOM, maxNativeZoom: MAX_TILE_ZOOM });
      watchTiles(tiles, (isFailing) => {
        this.#isTilesFailing = isFailing;
        this.#options.onTilesFailing(isFailing);
        this.#showGround();
      });
      this.#tiles = tiles.addTo(this.#map);
    }
    this.#showGround();
  }

  /** The ground takes the place of tiles, of those that do not come as well. */
  #showGround(): void {
    const hasTiles = this.#tiles !== undefined && !this.#isTilesFailing;
    this.#layer.setGround(hasTiles, placeAreaLabels(this.#views));
  }

  redraw(): void {
    this.#layer.redraw();
  }

  zoomBy(steps: number): void {
    this.#isViewChosen = true;
    this.#map.setZoom(this.#map.getZoom() + steps);
  }

  /** Shows all bins. After a wish of the visitor's it counts as a view that was chosen. */
  fitAll(isWish: boolean): void {
    const points = this.#views.map(({ bin }): [number, number] => [
      bin.location.lat,
      bin.location.lng,
    ]);
    if (points.length === 0) return;
    const isNarrow = this.#map.getSize().x < NARROW_MAP_PX;
    const right = isNarrow ? BUTTONS_PX : FIT_PADDING_PX;
    this.#moveItself(() => {
      this.#map.fitBounds(new LatLngBounds(points), {
        maxZoom: FIT_MAX_ZOOM,
        animate: isWish,
        paddingTopLeft: [FIT_PADDING_PX, FIT_PADDING_PX],
        paddingBottomRight: [right, FIT_PADDING_PX + this.#options.obscuredBottomPx()],
      });
    });
    if (isWish) this.#noteView();
  }

  /** Follows the address bar. */
  setView(view: MapView): void {
    const centre = this.#map.getCenter();
    const isThere =
      this.#map.getZoom() === view.zoom &&
      Math.abs(centre.lat - view.lat) < 1e-4 &&
      Math.abs(centre.lng - view.lng) < 1e-4;
    if (isThere) return;
    this.#isViewChosen = true;
    this.#moveItself(() => this.#map.setView([view.lat, view.lng], view.zoom, { animate: false }));
  }

  /** Pans a chosen bin into the part of the map that nothing covers, if it is not there already. */
  reveal({ bin }: BinView): void {
    // The drawer may have made the map narrower in this very frame.
    this.#map.invalidateSize({ pan: false });
    const point = this.#map.latLngToContainerPoint([bin.location.lat, bin.location.lng]);
    const { x: width, y: height } = this.#map.getSize();
    const bottom = height - this.#options.obscuredBottomPx();
    const margin = Math.min(60, bottom / 3);
    const isVisible =
      point.x > margin && point.x < width - margin && point.y > margin && point.y < bottom - margin;
    if (isVisible) return;
    this.#map.panBy([point.x - width / 2, point.y - bottom / 2]);
  }

  /** Returns whether there was a bin to start at. */
  #showStartBin(): boolean {
    const { startBinId } = this.#options;
    const start = startBinId === null ? undefined : this.#options.find(startBinId);
    if (!start) return false;
    this.#isViewChosen = true;
    const { lat, lng } = start.bin.location;
    this.#moveItself(() => {
      this.#map.setView([lat, lng], START_BIN_ZOOM, { animate: false });
      this.#map.panBy([0, this.#options.obscuredBottomPx() / 2], { animate: false });
    });
    return true;
  }

  #begin(view: MapView): void {
    const { host } = this.#options;
    const map = this.#map;
    map.on('moveend', () => this.#noteView());
    this.#moveItself(() => map.setView([view.lat, view.lng], view.zoom));
    // A hand on the map, by finger, mouse, wheel or key, is a choice of view.
    for (const type of ['pointerdown', 'wheel', 'keydown']) {
      host.addEventListener(type, () => (this.#isViewChosen = true), { passive: true });
    }
    map.on('click', (event) => this.#choose(event));
    map.on('mousemove', (event) => this.#hover(event));
    map.on('mouseout', () => this.#options.onHover(null, 0, 0));
    new Control.Scale({ imperial: false, position: 'bottomleft' }).addTo(map);
    this.#layer.addTo(map);
    this.#sizes.observe(host);
  }

  #moveItself(move: () => void): void {
    this.#isMovingItself = true;
    move();
    this.#isMovingItself = false;
  }

  #noteView(): void {
    if (this.#isMovingItself || !this.#isViewChosen) return;
    const { lat, lng } = this.#map.getCenter();
    this.#options.onMoved({ lat, lng, zoom: this.#map.getZoom() });
  }

  #hover(event: LeafletMouseEvent): void {
    const { x, y } = event.containerPoint;
    const hit = this.#layer.hit(x, y, MOUSE_RADIUS_PX);
    this.#options.onHover(hit?.subject ?? null, hit?.x ?? x, (hit?.y ?? y) - (hit?.radius ?? 0));
  }

  #expandingAt: [number, number] | undefined;

  #choose(event: LeafletMouseEvent): void {
    const { x, y } = event.containerPoint;
    // Leaflet's type says mouse; browsers send pointer events, which tell a finger from a mouse.
    const pointer = event.originalEvent as PointerEvent;
    const reach = pointer.pointerType === 'mouse' ? MOUSE_RADIUS_PX : TOUCH_RADIUS_PX;
    const subject = this.#layer.hit(x, y, reach)?.subject;
    if (!subject) return;
    if (subject.kind === 'bin') return this.#options.onSelect(subject.binId);
    const { lat, lng, clusterId } = subject.cluster;
    this.#expandingAt = [lat, lng];
    this.#clusters.expand(clusterId, subject.generation);
  }

  #zoomToExpanded(zoom: number): void {
    if (!this.#expandingAt) return;
    this.#isViewChosen = true;
    const target = Math.min(MAX_ZOOM, Math.max(zoom, this.#map.getZoom() + 1));
    this.#map.setView(this.#expandingAt, target);
  }
}
